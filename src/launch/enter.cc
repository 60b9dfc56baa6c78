// SPDX-License-Identifier: Apache-2.0
//
// Dividing the calling process. Runs in it, in its fork, and, with a pid namespace, in the process
// between the two, which stays as the init.
//
// fork(2) is libc's, because the fork goes on as a C++ program: libc keeps the thread's id and
// more. It can't make namespaces, and nobody but root can come back from a pid namespace for
// children. So the init is made by a raw call, for it never leaves the code that needs no libc, and
// the fork is the init's. Without a pid namespace there is no init, and the fork unshares the
// others itself.
#include "caisson/enter.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <optional>

#include "base/try.h"
#include "child/run_phases.h"
#include "child/watch.h"
#include "launch/child_state.h"
#include "launch/parent_half.h"
#include "launch/preparation.h"
#include "launch/signals_blocked.h"
#include "plan/describe.h"
#include "plan/hints.h"
#include "sys/clone.h"

namespace caisson {
namespace {

bool has_entered = false;  // in both processes

Error refuse(std::string what, std::string reason, std::string hint = {}) {
    return {"enter", std::move(what), {}, 0, std::move(reason), std::move(hint)};
}

Error failed(const char* phase, const char* operation, std::string subject, int error) {
    return {phase, operation, std::move(subject),
            error, {},        std::string(plan::hint_for(phase, operation, error))};
}

Result<int> count_threads() {
    const std::unique_ptr<DIR, int (*)(DIR*)> tasks(opendir("/proc/self/task"), closedir);
    if (!tasks) return failed("enter", "open", "/proc/self/task", errno);
    int count = 0;
    while (const dirent* entry = readdir(tasks.get()))
        count += entry->d_name[0] != '.';
    return count;
}

Result<void> check_caller() {
    if (has_entered) return refuse("again", "this process has entered already, and can't twice");
    const int threads = TRY(count_threads());
    if (threads > 1) {
        return refuse("threads", std::to_string(threads) + " are there, and a fork has only one",
                      "enter before the first thread starts");
    }
    struct sigaction action {};
    sigaction(SIGCHLD, nullptr, &action);
    if (action.sa_handler == SIG_IGN) {
        return refuse("SIGCHLD", "is ignored, so that nobody can tell how the sandbox ends",
                      "set it to SIG_DFL before");
    }
    return {};
}

bool has_step_new_session(const Plan& plan) {
    for (const Phase& phase : plan.phases()) {
        for (const Step& step : phase.steps) {
            if (std::holds_alternative<step::NewSession>(step.action)) return true;
        }
    }
    return false;
}

// What is left to do outside is to wait and to send signals. Nobody inside may attach, who could be
// of the same user and, with no pid namespace, can see this process.
Result<void> lock_down() {
    const int was_dumpable = sys::prctl(PR_GET_DUMPABLE);
    const int hidden = sys::prctl(PR_SET_DUMPABLE, 0);
    if (hidden < 0) return failed("supervisor", "prctl", "PR_SET_DUMPABLE", -hidden);
    const __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[2] = {};
    int error = sys::capget(header, data);
    for (__user_cap_data_struct& word : data)
        word.inheritable = 0;
    data[0].permitted = data[0].effective = data[0].permitted & (1U << CAP_KILL);
    data[1].permitted = data[1].effective = 0;
    if (error >= 0) error = sys::capset(header, data);
    if (error >= 0) return {};
    sys::prctl(PR_SET_DUMPABLE, static_cast<unsigned long>(was_dumpable));
    return failed("supervisor", "capset", "capabilities", -error);
}

pid_t libcs_fork() {
    const pid_t pid = fork();
    return pid < 0 ? -errno : pid;
}

}  // namespace

// One attempt, on whichever side of it.
class EnteredProcess {
  public:
    EnteredProcess(const Plan& plan, const EnterOptions& options, SharedRecord record, Fd self)
        : plan_(plan),
          options_(options),
          state_(std::make_unique<Child::State>(std::move(record))),
          self_(std::move(self)) {
        start_.plan = &plan;
        start_.program = &program_;
        start_.record = &*state_->record;
        start_.launched = true;
        start_.copied_memory = true;
        start_.parent_gone = self_.get();
        start_.last_descriptor = last_descriptor(plan);
        start_.fork = libcs_fork;
        start_.record->measure = static_cast<bool>(options.measured);
        if (options.measured) start_.record->begin_ns = sys::monotonic_ns();
    }

    Result<Entered> divide() {
        const bool init = starts_init(plan_);
        const long pid = init ? clone_init() : libcs_fork();
        if (pid < 0) {
            return failed("namespaces", init ? "clone3" : "fork",
                          plan::namespace_names(plan_.namespaces), static_cast<int>(-pid));
        }
        if (pid == 0) return stay_inside(init);
        state_->pid = static_cast<pid_t>(pid);
        return supervise_start();
    }

  private:
    // Comes back twice, as fork(2) does, but behind libc's back.
    long clone_init() {
        int fd = -1;
        long pid = -ENOSYS;
        if (plan_.kernel.clone3) pid = sys::clone3_copy(plan_.namespaces, &fd);
        if (pid == -ENOSYS && !(plan_.namespaces & CLONE_NEWTIME)) {
            pid = sys::clone_copy(plan_.namespaces, &fd);
        }
        if (pid > 0) state_->pidfd = Fd(fd);
        return pid;
    }

    // --- inside

    Entered stay_inside(bool init) {
        child::Record& record = *start_.record;
        child::Progress progress{start_};
        child::Watch watch;  // over the init, of which nothing is left in the other process
        const child::Outcome begun = init ? watch.begin(record) : unshare();
        if (begun.failed()) {
            record.failure = begun;
            sys::exit(125);
        }
        if (init) record.watched.store(true);
        if (!child::run_phases_and_stay(progress)) sys::exit(125);
        watch.forget();
        // The phases have closed them; another file may get their numbers.
        self_.release();
        has_entered = true;
        return Inside(Fd(progress.proc_self_fd), Fd(progress.mountinfo));
    }

    child::Outcome unshare() const {
        if (plan_.namespaces == 0) return child::done();
        start_.record->stage = child::Stage::namespaces;
        return child::outcome_of(sys::unshare(plan_.namespaces), "unshare");
    }

    // --- outside

    Result<Entered> supervise_start() {
        const int opened = state_->pidfd ? 0 : sys::pidfd_open(state_->pid);
        if (opened > 0) state_->pidfd = Fd(opened);
        Child child(std::move(state_));  // from here on an error return kills and reaps
        if (opened < 0) return failed("start", "pidfd_open", "inside", -opened);
        child::Record& record = *start_.record;
        LaunchOptions turns;
        turns.measured = [&](const std::vector<PhaseTime>& times) {
            const Result<void> locked = lock_down();
            if (!locked) return tell_child(record, locked.error());
            if (options_.measured) options_.measured(times);
        };
        TRY(run_parent_half(plan_, record, child.pid(), turns));
        if (record.baton.load() != 0) {
            if (record.failure.failed()) return error_from(record, plan_);
            return ended_early(child.pid());
        }
        has_entered = true;
        blocked_.keep(passed_on_signals());
        return Entered(
            Supervisor(std::move(child), has_step_new_session(plan_), blocked_.before()));
    }

    const Plan& plan_;
    const EnterOptions& options_;
    const Program program_;
    std::unique_ptr<Child::State> state_;
    Fd self_;
    child::Start start_;
    SignalsBlocked blocked_;
};

Result<Entered> enter(const Plan& plan, const EnterOptions& options) {
    TRY(check_caller());
    TRY(check(plan, Subject::caller));
    SharedRecord record = TRY(SharedRecord::make(true));
    Fd self = TRY(open_self());
    return EnteredProcess(plan, options, std::move(record), std::move(self)).divide();
}

}  // namespace caisson
