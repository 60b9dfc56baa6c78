// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>

#include "caisson/error.h"

#pragma GCC visibility push(default)
namespace caisson {

// How a program ended: by exit(2) or by a signal, never mixed up.
struct Ending {
    std::optional<int> code;
    std::optional<int> signal;

    // What a shell reports: the code, or 128 plus the signal's number.
    int status() const { return code ? *code : 128 + signal.value_or(0); }
};

// A started sandbox. Dropping it kills the sandbox's first process and reaps it; with a private
// pid namespace that ends everything in it.
class Child {
  public:
    struct State;  // what parent and child share; see src/launch
    explicit Child(std::unique_ptr<State> state);
    Child(Child&&) noexcept;
    Child& operator=(Child&&) noexcept;
    ~Child();

    // The first process, seen from here: the program, or the init that waits for it.
    pid_t pid() const;
    // Readable once it ended (poll(2)); -1 where the kernel has no pidfds. Stays the Child's.
    int pidfd() const;

    // Errors: ESRCH once it ended.
    Result<void> send(int signal) const;
    // Waits for the end. The second call gives what the first one gave.
    Result<Ending> wait();
    // Lets the sandbox outlive this object. It must still be reaped by somebody.
    pid_t detach() &&;

  private:
    std::unique_ptr<State> state_;
};

}  // namespace caisson
#pragma GCC visibility pop
