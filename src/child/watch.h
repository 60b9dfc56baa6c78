// SPDX-License-Identifier: Apache-2.0
//
// Has the kernel mark the baton when this process execs or ends, by way of a robust futex list
// (get_robust_list(2)). For processes whose memory the other side does not share, where
// CLONE_CHILD_CLEARTID would do nothing.
#pragma once

#include "child/record.h"
#include "sys/call.h"

namespace caisson::child {

class Watch {
  public:
    Watch() = default;
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    // For a process that goes on living: libc's own list is in force again, and whoever waits for
    // the baton has nothing more to wait for.
    ~Watch() {
        if (!record_) return;
        sys::set_robust_list(before_, sizeof head_);
        record_->baton.store(0);
        sys::futex_wake(reinterpret_cast<const uint32_t*>(&record_->baton));
    }

    // For a process that may go on living, before begin().
    Outcome remember_libcs_list() {
        size_t size = 0;
        return outcome_of(sys::get_robust_list(&before_, &size), "get_robust_list", "baton");
    }

    // From here on the baton carries this process's thread id. The object must live until exec.
    Outcome begin(Record& record) {
        const pid_t self = sys::gettid();
        if (self < 0) return outcome_of(self, "gettid", "baton");
        record.baton.store(static_cast<uint32_t>(self) | baton::parent_waits);
        entry_.next = &head_.ring;
        head_.ring.next = &entry_;
        head_.offset = reinterpret_cast<char*>(&record.baton) - reinterpret_cast<char*>(&entry_);
        const int error = sys::set_robust_list(&head_, sizeof head_);
        if (error == 0) record_ = &record;
        return outcome_of(error, "set_robust_list", "baton");
    }

    // In a fork of the process that began: the list and the baton are the other one's.
    void forget() { record_ = nullptr; }

  private:
    // struct robust_list_head of linux/futex.h: a ring of held futexes, each `offset` bytes from
    // its entry. Here one.
    struct Entry {
        Entry* next = nullptr;
    };
    struct Head {
        Entry ring;
        long offset = 0;
        Entry* pending = nullptr;
    };
    Entry entry_;
    Head head_;
    const void* before_ = nullptr;
    Record* record_ = nullptr;
};

}  // namespace caisson::child
