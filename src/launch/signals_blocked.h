// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string.h>

#include "sys/call.h"

namespace caisson {

// While a start is under way no handler of the caller's may run: not in a child that shares its
// memory, and not in one that is half way in.
class SignalsBlocked {
  public:
    SignalsBlocked() {
        sigset_t every;
        memset(&every, 0xff, sizeof every);
        sys::sigprocmask(SIG_SETMASK, &every, &before_);
        after_ = before_;
    }
    ~SignalsBlocked() { sys::sigprocmask(SIG_SETMASK, &after_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;
    const sigset_t& before() const { return before_; }
    // These stay so afterwards.
    void keep(const sigset_t& signals) { sigorset(&after_, &before_, &signals); }

  private:
    sigset_t before_ = {};
    sigset_t after_ = {};
};

}  // namespace caisson
