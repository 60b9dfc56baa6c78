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
    // From here on the baton carries this process's thread id. The object must live until exec.
    void begin(Record& record) {
        const auto self = static_cast<uint32_t>(sys::gettid());
        record.baton.store(self | baton::parent_waits);
        entry_.next = &head_.ring;
        head_.ring.next = &entry_;
        head_.offset = reinterpret_cast<char*>(&record.baton) - reinterpret_cast<char*>(&entry_);
        sys::set_robust_list(&head_, sizeof head_);
    }

    // The other side is told that there is nothing to wait for any more.
    void end(Record& record) {
        sys::set_robust_list(nullptr, sizeof head_);
        record.baton.store(0);
        sys::futex_wake(reinterpret_cast<const uint32_t*>(&record.baton));
    }

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
};

}  // namespace caisson::child
