// SPDX-License-Identifier: Apache-2.0
//
// The life of the process outside: waiting, passing signals on, ending as the other one did.
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "caisson/enter.h"
#include "launch/parent_half.h"

namespace caisson {
namespace {

Error failed(const char* operation, int error) {
    return {"supervisor", operation, "signals", error, {}, {}};
}

void pass_on(int signals, const Child& child, bool own_session) {
    signalfd_siginfo info;
    while (read(signals, &info, sizeof info) == sizeof info) {
        // The terminal sends to the whole foreground group, in which the other one is as well.
        if (info.ssi_code == SI_KERNEL && !own_session) continue;
        (void)child.send(static_cast<int>(info.ssi_signo));  // ESRCH: it has just ended
    }
}

// Until the other one has ended.
Result<void> pass_signals_on(const Child& child, bool own_session) {
    const sigset_t set = passed_on_signals();
    const Fd signals(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals) return failed("signalfd", errno);
    for (;;) {
        pollfd watched[] = {{child.pidfd(), POLLIN, 0}, {signals.get(), POLLIN, 0}};
        if (poll(watched, 2, -1) < 0 && errno != EINTR) return failed("poll", errno);
        pass_on(signals.get(), child, own_session);
        if (watched[0].revents != 0) return {};
    }
}

}  // namespace

// What is passed on rather than acted on. Stopping and going on stay the terminal's business: they
// reach the whole process group, this process included, which is what a shell waits for.
sigset_t passed_on_signals() {
    sigset_t set;
    sigfillset(&set);
    for (const int own : {SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGCHLD, SIGSEGV, SIGBUS, SIGILL,
                          SIGFPE, SIGABRT, SIGTRAP, SIGSYS}) {
        sigdelset(&set, own);
    }
    return set;
}

Result<Ending> Supervisor::supervise() {
    const Result<void> passed = pass_signals_on(child_, own_session_);
    if (!passed) return passed.error();
    const Result<Ending> ending = child_.wait();
    sigprocmask(SIG_SETMASK, &mask_, nullptr);
    return ending;
}

void end_like(const Result<Ending>& ending) {
    if (!ending) _exit(125);
    const int signal = ending.value().signal.value_or(0);
    if (signal == 0) _exit(ending.value().status());
    // The one inside has dumped its core already.
    const rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    sigaction(signal, &action, nullptr);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    sigprocmask(SIG_UNBLOCK, &set, nullptr);
    kill(getpid(), signal);
    // Not reached but as process 1 of somebody's, to which no signal of its own does anything.
    _exit(ending.value().status());
}

}  // namespace caisson
