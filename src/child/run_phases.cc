// SPDX-License-Identifier: Apache-2.0
#include "child/run_phases.h"

#include <errno.h>

#include "child/steps.h"
#include "child/watch.h"

namespace caisson::child {
namespace {

void report(Record& record, const Outcome& failure, Position where) {
    record.failure = failure;
    record.failed_phase = static_cast<uint16_t>(where.phase);
    record.failed_step = static_cast<uint16_t>(where.step);
}

// Gives the turn to the parent, which carries out a phase of its own, and waits to get it back.
Outcome let_parent_run(Record& record) {
    const uint32_t mine = record.baton.load();
    const uint32_t parents = mine & ~baton::parent_waits;
    record.baton.store(parents);
    sys::futex_wake(reinterpret_cast<const uint32_t*>(&record.baton));
    while (record.baton.load() == parents) {
        sys::futex_wait(reinterpret_cast<const uint32_t*>(&record.baton), parents);
    }
    const ParentFailure& failure = record.parent_failure;
    if (!failure.operation[0]) return done();
    return {record.failure.error, failure.operation, failure.subject};
}

// For a plan that leaves the caller's descriptors open: ours must not be there for the look-up of
// the program.
void close_own(Progress& progress) {
    progress.opened.close_all();
    for (const int fd : {progress.root, progress.proc_self, progress.store}) {
        if (fd >= 0) sys::close(fd);
    }
}

bool tolerated(const Outcome& outcome, Tolerate tolerate) {
    if (tolerate == Tolerate::anything) return true;
    return tolerate == Tolerate::absence && (outcome.error == ENOENT || outcome.error == ENOTDIR);
}

// The failure of the first step that failed, or success at the end of the phase.
Outcome run_steps(Progress& progress, const Phase& phase, Position& at) {
    for (; at.step < phase.steps.size(); at.step++) {
        const Step& step = phase.steps[at.step];
        if (std::holds_alternative<step::StartInit>(step.action)) {
            run_init(progress, {at.phase, at.step + 1});
            continue;
        }
        progress.opened.make_room();
        const Outcome outcome = run_step(step.action, progress);
        if (outcome.failed() && !tolerated(outcome, step.tolerate)) return outcome;
    }
    return done();
}

// execvp(3)'s rule: a candidate that is not there or may not be run is passed over, and EACCES is
// what is reported if that was why.
Outcome exec(const Start& start) {
    int found = ENOENT;
    const auto& candidates = start.program->candidates;
    for (const std::string& candidate : candidates) {
        const char* path = candidate.c_str();
        // A look is cheaper than an execve(2) that fails.
        if (candidates.size() > 1 && sys::faccessat(AT_FDCWD, path, 1 /* X_OK */) == -ENOENT) {
            continue;
        }
        const long error = sys::execve(path, start.arguments, start.environment);
        if (error == -EACCES)
            found = EACCES;
        else if (error != -ENOENT && error != -ENOTDIR)
            return outcome_of(error, "execve", path);
    }
    return {found, "execve", candidates.empty() ? "" : start.arguments[0]};
}

// False: the failure is in the record.
bool run_phases(Progress& progress, Position at) {
    Record& record = *progress.start.record;
    const auto& phases = progress.start.plan->phases();
    if (record.measure && record.phases_begin_ns == 0) {
        record.phases_begin_ns = sys::monotonic_ns();
    }
    record.stage = Stage::phases;
    for (; at.phase < phases.size(); at.phase++, at.step = 0) {
        const Phase& phase = phases[at.phase];
        progress.phase = at.phase;
        record.root = progress.root;
        const Outcome outcome =
            phase.side == Side::parent ? let_parent_run(record) : run_steps(progress, phase, at);
        if (outcome.failed()) {
            report(record, outcome, at);
            return false;
        }
        if (record.measure && at.phase < max_timed_phases) {
            record.phase_end_ns[at.phase] = sys::monotonic_ns();
        }
    }
    return true;
}

}  // namespace

void run_phases_and_exec(Progress& progress, Position at) {
    Record& record = *progress.start.record;
    if (!run_phases(progress, at)) return;
    if (record.measure) (void)let_parent_run(record);
    if (!progress.descriptors_closed) close_own(progress);
    record.reached_exec = true;
    record.stage = Stage::exec;
    record.failure = exec(progress.start);
    record.reached_exec = false;
}

bool run_phases_and_stay(Progress& progress) {
    Record& record = *progress.start.record;
    if (!run_phases(progress, {})) return false;
    if (!progress.descriptors_closed) {
        close_own(progress);
        sys::close(progress.start.parent_gone);
    }
    const Outcome parents_last = let_parent_run(record);
    if (parents_last.failed()) {
        record.stage = Stage::start;
        record.failure = parents_last;
        return false;
    }
    record.baton.store(0);
    sys::futex_wake(reinterpret_cast<const uint32_t*>(&record.baton));
    return true;
}

namespace {

[[noreturn]] void end_before_phases(Record& record, const Outcome& failure) {
    record.failure = failure;
    sys::exit(125);
}

void default_handled_signals() {
    for (int signal = 1; signal < 65; signal++) {
        if (sys::signal_is_handled(signal)) sys::default_signal(signal);
    }
}

}  // namespace

void run_child(const Start& start) {
    Record& record = *start.record;
    Watch watch;
    const Outcome watched = start.copied_memory ? watch.begin(record) : done();
    if (watched.failed()) end_before_phases(record, watched);
    record.watched.store(true);
    if (start.parents_end >= 0) sys::close(start.parents_end);
    if (!start.plan->kernel.clone3) default_handled_signals();
    const int masked = sys::sigprocmask(SIG_SETMASK, &start.program_mask, nullptr);
    if (masked < 0) end_before_phases(record, outcome_of(masked, "rt_sigprocmask", "program"));
    if (record.announce) (void)let_parent_run(record);
    Progress progress{start};
    run_phases_and_exec(progress, {});
    sys::exit(125);
}

}  // namespace caisson::child
