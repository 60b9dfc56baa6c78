// SPDX-License-Identifier: Apache-2.0
//
// Process 1 of a private pid namespace: a copy of the launcher that keeps nothing of it but the
// code. It adopts and reaps what the program leaves behind, passes signals on, and leaves the
// program's exact wait status in the record, because process 1 cannot die by a signal itself.
#include <errno.h>
#include <limits.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "child/run_phases.h"
#include "sys/clone.h"

namespace caisson::child {
namespace {

struct Second {
    Progress* progress;
    Position from;
};

[[noreturn]] void fail(Record& record, const Outcome& failure, Position from) {
    record.failure = failure;
    record.failed_phase = static_cast<uint16_t>(from.phase);
    record.failed_step = static_cast<uint16_t>(from.step - 1);
    record.stage = Stage::phases;
    sys::exit(125);  // and the kernel ends everything else in the pid namespace
}

// The program's process. It shares the init's memory until exec, and the init sleeps meanwhile
// (CLONE_VFORK), so the failure that it may write is there when the init wakes.
void run_second(void* argument) {
    const Second& second = *static_cast<Second*>(argument);
    const Start& start = second.progress->start;
    const int masked = sys::sigprocmask(SIG_SETMASK, &start.program_mask, nullptr);
    if (masked < 0) {
        fail(*start.record, outcome_of(masked, "rt_sigprocmask", "program"), second.from);
    }
    run_phases_and_exec(*second.progress, second.from);
    sys::exit(125);
}

long start_second(Second& second) {
    const Start& start = second.progress->start;
    sys::CloneRequest request;
    request.flags = CLONE_VM | CLONE_VFORK;
    request.stack = start.second_stack;
    request.stack_size = start.second_stack_size;
    request.entry = run_second;
    request.argument = &second;
    return start.plan->kernel.clone3 ? sys::clone3(request) : sys::clone(request);
}

Outcome close_everything(const Start& start) {
    if (start.plan->kernel.close_range) {
        return outcome_of(sys::close_range(0, UINT_MAX, 0), "close_range", "init");
    }
    for (int fd = 0; fd <= start.last_descriptor; fd++)
        sys::close(fd);
    return done();
}

// The program must find nothing in process 1: no descriptor (a pipe held open here would never
// end), no privilege beyond sending signals.
Outcome give_up_everything(const Start& start) {
    const int error = sys::prctl(PR_SET_NO_NEW_PRIVS, 1);
    if (error < 0) return outcome_of(error, "prctl", "init");
    const __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[2] = {};
    data[0].permitted = data[0].effective = 1U << CAP_KILL;
    const int refused = sys::capset(header, data);
    if (refused < 0) return outcome_of(refused, "capset", "init");
    return close_everything(start);
}

void end_as(Record& record, int status) {
    record.program_status = status;
    record.program_ended = true;
    sys::exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

void reap(Record& record, pid_t program) {
    for (;;) {
        int status = 0;
        const pid_t ended = sys::wait4(-1, &status, WNOHANG | __WALL);
        if (ended == 0 || ended == -ECHILD) return;
        if (ended == program) end_as(record, status);
    }
}

// Until the program has ended; and then so does this.
[[noreturn]] void watch_over(Record& record, pid_t program) {
    sigset_t every;
    memset(&every, 0xff, sizeof every);
    for (;;) {
        reap(record, program);
        siginfo_t info{};
        const int signal = sys::sigtimedwait(every, info, nullptr);
        // What the terminal sends, it sends to the program as well.
        if (signal > 0 && signal != SIGCHLD && info.si_code != SI_KERNEL) {
            sys::kill(program, signal);
        }
    }
}

// The program lives, but in a fork that waits: nothing is given up while it could go wrong unseen.
[[noreturn]] void run_forked_init(Progress& progress, Position from, pid_t second) {
    Record& record = *progress.start.record;
    const int hidden = sys::prctl(PR_SET_DUMPABLE, 0);
    if (hidden < 0) fail(record, outcome_of(hidden, "prctl", "PR_SET_DUMPABLE"), from);
    // The pivot takes along who is at the old root, and would leave it to who is further below.
    const int moved = sys::chdir("/");
    if (moved < 0) fail(record, outcome_of(moved, "chdir", "/"), from);
    const Outcome given_up = give_up_everything(progress.start);
    if (given_up.failed()) fail(record, given_up, from);
    record.init_is_ready.store(1);
    sys::futex_wake(reinterpret_cast<const uint32_t*>(&record.init_is_ready));
    watch_over(record, second);
}

// The one that fork(2) made goes on where this one was, once process 1 holds nothing any more.
void fork_second(Progress& progress, Position from) {
    Record& record = *progress.start.record;
    const pid_t second = progress.start.fork();
    if (second < 0) fail(record, outcome_of(second, "fork", "init"), from);
    if (second > 0) run_forked_init(progress, from, second);
    while (record.init_is_ready.load() == 0) {
        sys::futex_wait(reinterpret_cast<const uint32_t*>(&record.init_is_ready), 0);
    }
}

}  // namespace

void run_init(Progress& progress, Position from) {
    const Start& start = progress.start;
    Record& record = *start.record;
    sigset_t every;
    memset(&every, 0xff, sizeof every);
    const int masked = sys::sigprocmask(SIG_SETMASK, &every, nullptr);
    if (masked < 0) fail(record, outcome_of(masked, "rt_sigprocmask", "init"), from);
    if (start.fork) return fork_second(progress, from);
    // Before the program lives, or it could attach to process 1 in between.
    const int hidden = sys::prctl(PR_SET_DUMPABLE, 0);
    if (hidden < 0) fail(record, outcome_of(hidden, "prctl", "PR_SET_DUMPABLE"), from);

    Second second{&progress, from};
    const long program = start_second(second);
    if (program < 0) fail(record, outcome_of(program, "clone", "init"), from);
    if (record.failure.failed()) sys::exit(125);
    const Outcome given_up = give_up_everything(start);
    if (given_up.failed()) fail(record, given_up, from);

    // The program runs: this is what the parent takes for "the child is gone to exec".
    record.baton.store(0);
    sys::futex_wake(reinterpret_cast<const uint32_t*>(&record.baton));
    watch_over(record, static_cast<pid_t>(program));
}

}  // namespace caisson::child
