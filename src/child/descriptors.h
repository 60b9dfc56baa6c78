// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sys/call.h"

namespace caisson::child {

// Descriptors that a step needed for a moment. Closing each would double the calls of a bind, and
// exec closes them anyway; so they are closed only when many have come together, which keeps
// thousands of binds within RLIMIT_NOFILE.
class Descriptors {
  public:
    // `fd` may be an error; it is passed on as it is. Valid until make_room() is called.
    int keep_for_now(int fd) {
        if (fd >= 0 && count_ < capacity) held_[count_++] = fd;
        return fd;
    }

    // To be called where none of those kept is needed any more: between two steps.
    void make_room() {
        if (count_ >= capacity / 2) close_all();
    }

    void close_all() {
        for (int i = 0; i < count_; i++)
            sys::close(held_[i]);
        count_ = 0;
    }

  private:
    static constexpr int capacity = 64;
    int held_[capacity] = {};
    int count_ = 0;
};

}  // namespace caisson::child
