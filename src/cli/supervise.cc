// SPDX-License-Identifier: Apache-2.0
#include "cli/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/try.h"
#include "cli/status_report.h"

namespace caisson::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

constexpr nanoseconds grace = std::chrono::seconds(10);  // podman stop's
constexpr int timed_out = 124;                           // timeout(1)'s

// What is passed on rather than acted on. Stopping and going on stay the terminal's business: they
// reach the whole process group, this process included, which is what a shell waits for.
sigset_t forwarded_signals() {
    sigset_t set;
    sigfillset(&set);
    for (const int own : {SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGSEGV, SIGBUS, SIGILL, SIGFPE,
                          SIGABRT, SIGTRAP, SIGSYS}) {
        sigdelset(&set, own);
    }
    return set;
}

Result<bool> has_ended(const Child& child) {
    siginfo_t info{};
    const auto pid = static_cast<id_t>(child.pid());
    if (waitid(P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0) return info.si_pid != 0;
    return Error{"wait", "waitid", std::to_string(pid), errno, {}, {}};
}

// When to send what to a program that takes too long.
class Deadline {
  public:
    explicit Deadline(std::optional<nanoseconds> timeout) {
        if (timeout) next_ = Clock::now() + *timeout;
    }

    bool was_reached() const { return reached_; }

    // How long to wait for the next signal; none: as long as it takes.
    std::optional<timespec> left() const {
        if (next_ == never) return {};
        const auto left = std::max(nanoseconds::zero(), nanoseconds(next_ - Clock::now()));
        return timespec{static_cast<time_t>(left.count() / 1'000'000'000),
                        static_cast<long>(left.count() % 1'000'000'000)};
    }

    void act(const Child& child) {
        if (Clock::now() < next_) return;
        (void)child.send(reached_ ? SIGKILL : SIGTERM);
        next_ = reached_ ? never : Clock::now() + grace;
        reached_ = true;
    }

  private:
    static constexpr Clock::time_point never = Clock::time_point::max();
    Clock::time_point next_ = never;
    bool reached_ = false;
};

// A pipe's reader would wait for an end that comes only with ours. Standard error stays: there may
// still be something to say.
void leave_streams_to_program(const Supervision& supervision) {
    for (const int fd : supervision.kept) {
        if (fd != supervision.status_fd) close(fd);
    }
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO}) {
        if (null >= 0 && fd != supervision.status_fd) dup2(null, fd);
    }
    if (null > STDERR_FILENO) close(null);
}

void forward(const Child& child, const siginfo_t& info, bool own_session) {
    if (info.si_signo == SIGCHLD) return;
    // The terminal sends to the whole foreground group, in which the program is as well.
    if (info.si_code == SI_KERNEL && !own_session) return;
    (void)child.send(info.si_signo);  // ESRCH: it has just ended
}

}  // namespace

Result<int> supervise(const Plan& plan, const Program& program, const LaunchOptions& options,
                      const Supervision& supervision) {
    const sigset_t signals = forwarded_signals();
    sigset_t before;
    if (sigprocmask(SIG_BLOCK, &signals, &before) < 0) {
        return Error{"start", "rt_sigprocmask", "launcher", errno, {}, {}};
    }
    Program with_mask = program;
    with_mask.signal_mask = before;
    // Now or never: once the program runs, its init lets nobody look at it.
    StartedReport started(supervision.status_fd);
    LaunchOptions with_report = options;
    if (supervision.status_fd >= 0) {
        with_report.created = [&](pid_t pid) { started.examine(pid); };
    }
    Child child = TRY(launch(plan, with_mask, with_report));
    leave_streams_to_program(supervision);
    TRY(started.send());

    Deadline deadline(supervision.timeout);
    while (!TRY(has_ended(child))) {
        const auto left = deadline.left();
        siginfo_t info{};
        if (sigtimedwait(&signals, &info, left ? &*left : nullptr) > 0) {
            forward(child, info, supervision.own_session);
        }
        deadline.act(child);
    }
    const Ending ending = TRY(child.wait());
    TRY(report_exited(supervision.status_fd, ending, deadline.was_reached()));
    return deadline.was_reached() ? timed_out : ending.status();
}

}  // namespace caisson::cli
