// SPDX-License-Identifier: Apache-2.0
//
// The half of become() that this process carries out by itself, in a file of its own: what runs
// before libc's start is linked with it and must reach no fork (src/cli/before_libc.txt).
#include "launch/become_alone.h"

#include "base/try.h"
#include "child/run_phases.h"
#include "launch/own_executable.h"
#include "launch/preparation.h"
#include "plan/describe.h"
#include "plan/hints.h"
#include "sys/constants.h"

namespace caisson {
namespace {

Result<void> leave_namespaces(const Plan& plan) {
    if (plan.namespaces == 0) return {};
    const int error = sys::unshare(plan.namespaces);
    if (error == 0) return {};
    return Error{
        "namespaces", "unshare", plan::namespace_names(plan.namespaces),
        -error,       {},        std::string(plan::hint_for("namespaces", "unshare", -error))};
}

}  // namespace

Result<void> check_can_become(const Plan& plan, const Program& program) {
    if (plan.namespaces & (CLONE_NEWPID | CLONE_NEWTIME)) {
        return Error{"namespaces",
                     "unshare",
                     plan::namespace_names(plan.namespaces),
                     0,
                     "a process can't move into a pid or time namespace",
                     "use launch()"};
    }
    return check(plan, program);
}

Error become_here(const Plan& plan, const Program& program, child::Record& record) {
    const Arguments arguments(program);
    const OwnExecutable executable(protects_executable(plan));
    child::Start start;
    start.plan = &plan;
    start.executable = executable.get();
    start.first_own_descriptor = first_own_descriptor(plan, program);
    start.program = &program;
    start.arguments = arguments.arguments();
    start.environment = arguments.environment();
    start.record = &record;
    start.last_descriptor = last_descriptor(plan);
    const Result<void> left = leave_namespaces(plan);
    if (!left) return left.error();
    child::Progress progress{start};
    child::run_phases_and_exec(progress, {});
    return error_from(record, plan);
}

Error become_alone(const Plan& plan, const Program& program) {
    const Result<void> possible = check_can_become(plan, program);
    if (!possible) return possible.error();
    child::Record record;
    return become_here(plan, program, record);
}

}  // namespace caisson
