// SPDX-License-Identifier: Apache-2.0
//
// Turning the calling process into the program. Where something has to be done from outside
// meanwhile, an attendant is forked first.
#include <unistd.h>

#include "base/try.h"
#include "caisson/launch.h"
#include "child/watch.h"
#include "launch/become_alone.h"
#include "launch/detached_process.h"
#include "launch/parent_half.h"
#include "launch/preparation.h"
#include "launch/shared_record.h"
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

Result<void> run_attended(const Plan& plan, const Program& program, const LaunchOptions& options) {
    TRY(check_can_become(plan, program));
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
    return become_here(plan, program, *record);
}

}  // namespace

Error become(const Plan& plan, const Program& program, const LaunchOptions& options) {
    if (has_parent_phase(plan) || options.measured) {
        return run_attended(plan, program, options).error();
    }
    return become_alone(plan, program);
}

}  // namespace caisson
