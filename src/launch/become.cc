// SPDX-License-Identifier: Apache-2.0
//
// Turning the calling process into the program. Where something has to be done from outside
// meanwhile, an attendant is forked first.
#include <errno.h>
#include <unistd.h>

#include "base/try.h"
#include "caisson/launch.h"
#include "child/run_phases.h"
#include "child/watch.h"
#include "launch/become_alone.h"
#include "launch/detached_process.h"
#include "launch/own_executable.h"
#include "launch/parent_half.h"
#include "launch/preparation.h"
#include "launch/shared_record.h"
#include "plan/describe.h"
#include "plan/hints.h"
#include "sys/constants.h"

namespace caisson {
namespace {

// A parent phase that failed outside is told by the process that waits for it: it has a caller.
void attend(const Plan& plan, child::Record& record, pid_t subject, const LaunchOptions& options) {
    const Result<void> done = run_parent_half(plan, record, subject, options);
    if (done) return;
    tell_child(record, done.error());
    give_turn_back(record);
}

Result<void> check_possible(const Plan& plan, const Program& program) {
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

Result<void> leave_namespaces(const Plan& plan) {
    if (plan.namespaces == 0) return {};
    const int error = sys::unshare(plan.namespaces);
    if (error == 0) return {};
    return Error{
        "namespaces", "unshare", plan::namespace_names(plan.namespaces),
        -error,       {},        std::string(plan::hint_for("namespaces", "unshare", -error))};
}

// The phases and exec; what comes back is why not.
Error run_here(const Plan& plan, const Program& program, child::Record& record) {
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

Result<void> run_attended(const Plan& plan, const Program& program, const LaunchOptions& options) {
    TRY(check_possible(plan, program));
    const SharedRecord record = TRY(SharedRecord::make(true));
    child::Watch watch;
    child::Outcome watched = watch.remember_libcs_list();
    if (!watched.failed()) watched = watch.begin(*record);
    if (watched.failed()) {
        return Error{"start", watched.operation, watched.subject, watched.error, {}, {}};
    }
    record->watched.store(true);
    record->measure = static_cast<bool>(options.measured);
    const pid_t subject = getpid();
    TRY(start_detached("attendant", [&] { attend(plan, *record, subject, options); }));
    record->begin_ns = sys::monotonic_ns();
    return run_here(plan, program, *record);
}

}  // namespace

Error become_alone(const Plan& plan, const Program& program) {
    const Result<void> possible = check_possible(plan, program);
    if (!possible) return possible.error();
    child::Record record;
    return run_here(plan, program, record);
}

Error become(const Plan& plan, const Program& program, const LaunchOptions& options) {
    if (has_parent_phase(plan) || options.measured) {
        return run_attended(plan, program, options).error();
    }
    return become_alone(plan, program);
}

}  // namespace caisson
