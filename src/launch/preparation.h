// SPDX-License-Identifier: Apache-2.0
//
// What launch() and become() do alike before anything starts: check the plan, lay out plain data.
#pragma once

#include <vector>

#include "caisson/error.h"
#include "caisson/fd.h"
#include "caisson/plan.h"
#include "child/start.h"

namespace caisson {

// Whether a child of this plan must not share the caller's memory: the init stays a C++ program,
// a protected executable is mapped anew, and somebody's function may need memory of its own.
bool needs_copied_memory(const Plan& plan);
// Whether a process of ours stays as process 1.
bool starts_init(const Plan& plan);
// Whether the child exchanges the file that it executes.
bool protects_executable(const Plan& plan);
// Whether some phase is carried out outside the sandbox.
bool has_parent_phase(const Plan& plan);

// A plan that cannot be carried out is refused before there is a child.
Result<void> check(const Plan& plan, const Program& program);
Result<void> check(const Plan& plan, Subject subject);

// A pidfd of this process: poll(2) tells a child that holds it when this one has ended.
Result<Fd> open_self();

// For a child that is gone before it said why.
Error ended_early(pid_t pid);

// Above every number that the plan or the program gives to a descriptor of the program's: what the
// child needs for itself until exec has to lie there.
int first_own_descriptor(const Plan& plan, const Program& program);

// No descriptor above this one is open when the child looks for those to close. 0 where
// close_range(2) does that without a bound.
int last_descriptor(const Plan& plan);

// Null-terminated arrays for execve(2). Points into the program.
class Arguments {
  public:
    explicit Arguments(const Program& program);
    const char* const* arguments() const { return arguments_.data(); }
    const char* const* environment() const { return environment_.data(); }

  private:
    std::vector<const char*> arguments_;
    std::vector<const char*> environment_;
};

// Why a hook that ended ends the start: "exit status 3".
std::string hook_failure(const Hook& hook, bool timed_out, int status);

// The Error that a failed start left in the record.
Error error_from(const child::Record& record, const Plan& plan);

}  // namespace caisson
