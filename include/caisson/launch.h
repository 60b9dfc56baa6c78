// SPDX-License-Identifier: Apache-2.0
//
// Carrying a plan out. Both calls fail before the program runs or not at all: there is no program
// that runs in less than the sandbox that was asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "caisson/child.h"
#include "caisson/error.h"
#include "caisson/plan.h"
#include "caisson/spec.h"

#pragma GCC visibility push(default)
namespace caisson {

// How long a phase took, in nanoseconds of CLOCK_MONOTONIC.
struct PhaseTime {
    std::string name;
    int64_t begin_ns = 0;
    int64_t end_ns = 0;
};

// What to be told on the way. Both are called outside the sandbox, while the child waits.
struct LaunchOptions {
    // The process is there, in its namespaces, and has done nothing yet. launch() only.
    std::function<void(pid_t child)> created;
    // The phases are done and exec comes next. The first entry, "namespaces", is the time that
    // making them took.
    std::function<void(const std::vector<PhaseTime>&)> measured;
};

// Starts `program` in a new process. The child shares the caller's memory until it execs, so the
// cost does not grow with the caller (a plan with an init or with a Call that needs it copies).
// The calling thread waits meanwhile, its signals blocked; other threads go on.
Result<Child> launch(const Plan& plan, const Program& program, const LaunchOptions& options = {});

// Turns the calling process into the sandboxed program: same process id, no fork. Returns only on
// failure, and the process may then be half way in: report the Error and exit. Refused for plans
// with a private pid or time namespace, which a process can only enter by being born in them, and
// for a process with more than one thread where the plan has a user namespace.
Error become(const Plan& plan, const Program& program, const LaunchOptions& options = {});

// docker's and podman's exit status for a start that failed: 127 where the program was not found,
// 126 where it cannot be executed, 125 for everything else.
int exit_status(const Error& error);

}  // namespace caisson
#pragma GCC visibility pop
