// SPDX-License-Identifier: Apache-2.0
//
// Steps about the process itself. Runs in the child.
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "child/destination.h"
#include "child/steps.h"

namespace caisson::child {

Outcome write_file(Progress& progress, int dir, const char* path, const char* subject,
                   const char* content, size_t size) {
    const int fd = progress.opened.keep_for_now(sys::openat(dir, path, O_WRONLY));
    if (fd < 0) return outcome_of(fd, "open", subject);
    const long written = sys::write(fd, content, size);
    if (written >= 0 && static_cast<size_t>(written) != size) return {EIO, "write", subject};
    return outcome_of(written, "write", subject);
}

Outcome run(const step::SignalOnParentDeath& step, Progress& progress) {
    const Start& start = progress.start;
    if (step.when == step::SignalOnParentDeath::When::launched && !start.launched) return done();
    const pid_t parent = start.launched ? 0 : sys::getppid();
    const int error = sys::prctl(PR_SET_PDEATHSIG, static_cast<unsigned long>(step.signal));
    if (error < 0 || step.signal == 0) return outcome_of(error, "prctl", "PR_SET_PDEATHSIG");
    // The parent may have died before the call: no signal will come then, so look. In a new pid
    // namespace getppid(2) is always 0, hence the descriptor.
    if (start.launched) {
        pollfd ended = {start.parent_gone, POLLIN, 0};
        const timespec now = {};
        const int found = sys::poll(&ended, 1, &now);
        if (found < 0) return outcome_of(found, "ppoll", "parent");
        if (found > 0) sys::exit(125);
    }
    if (!start.launched && sys::getppid() != parent) sys::exit(125);
    return done();
}

Outcome run(const step::WriteFile& step, Progress& progress) {
    return write_file(progress, AT_FDCWD, step.path.c_str(), step.path.c_str(), step.content.data(),
                      step.content.size());
}

Outcome run(const step::NewSession&, Progress& progress) {
    const int session = sys::setsid();
    // EPERM: this process leads a group already, as a job of a shell does when it becomes the
    // program in place; a leader of its own session has what was asked for.
    if (session == -EPERM && !progress.start.launched && sys::getsid() == sys::getpid())
        return done();
    return outcome_of(session, "setsid", "session");
}

Outcome run(const step::Redirect& step, Progress& progress) {
    const Redirection& one = step.redirection;
    if (one.to > 2) progress.opened.close_all();  // not later, when the number is the program's
    // dup3(2) refuses equal descriptors; what they lack is only to stay open at exec.
    if (one.from == one.to)
        return outcome_of(sys::fcntl(one.to, F_SETFD, 0), "fcntl", "descriptor");
    return outcome_of(sys::dup2(one.from, one.to), "dup2", "descriptor");
}

Outcome run(const step::RedirectDescriptors&, Progress& progress) {
    for (const Redirection& one : progress.start.program->redirections) {
        const Outcome outcome = run(step::Redirect{one}, progress);
        if (outcome.failed()) return outcome;
    }
    return done();
}

Outcome run(const step::BringUpLoopback&, Progress& progress) {
    const int fd = progress.opened.keep_for_now(sys::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (fd < 0) return outcome_of(fd, "socket", "lo");
    ifreq request{};
    memcpy(request.ifr_name, "lo", 3);
    request.ifr_flags = IFF_UP;
    return outcome_of(sys::ioctl(fd, SIOCSIFFLAGS, &request), "ioctl", "lo");
}

Outcome run(const step::SetHostname& step, Progress&) {
    return outcome_of(sys::sethostname(step.name.c_str(), step.name.size()), "sethostname",
                      step.name.c_str());
}

Outcome run(const step::SetDomainname& step, Progress&) {
    return outcome_of(sys::setdomainname(step.name.c_str(), step.name.size()), "setdomainname",
                      step.name.c_str());
}

Outcome run(const step::SetAffinity& step, Progress&) {
    return outcome_of(sys::set_affinity(step.cpus), "sched_setaffinity", "cpus");
}

Outcome run(const step::SetPersonality& step, Progress&) {
    return outcome_of(sys::personality(step.persona), "personality", "program");
}

Outcome run(const step::DefaultSignal& step, Progress&) {
    return outcome_of(sys::default_signal(step.signal), "sigaction", "signal");
}

// Beneath the new root and through no magic link: /proc/self/fd/N would lead to a directory of the
// host's that happens to be open here (CVE-2024-21626).
Outcome run(const step::ChangeDirectory&, Progress& progress) {
    const std::string& wanted = progress.start.program->directory;
    const Plan& plan = *progress.start.plan;
    if (wanted.empty()) return done();
    if (!plan.has_root) return outcome_of(sys::chdir(wanted.c_str()), "chdir", wanted.c_str());
    // The pivot left the process in the new root already.
    if (wanted == "/") return done();
    const int fd = progress.opened.keep_for_now(
        sys::open_beneath(progress.root, wanted.c_str(), O_PATH | O_DIRECTORY, lookup_of(plan)));
    if (fd < 0) return outcome_of(fd, "chdir", wanted.c_str());
    return outcome_of(sys::fchdir(fd), "chdir", wanted.c_str());
}

Outcome run(const step::SetLimit& step, Progress&) {
    const rlimit64 limit = {step.limit.soft, step.limit.hard};
    return outcome_of(sys::prlimit(step.limit.resource, &limit, nullptr), "prlimit");
}

namespace {

bool is_kept(const step::CloseDescriptors& step, const Progress& progress, int fd) {
    if (step.subject == Subject::caller &&
        (fd == progress.proc_self_fd || fd == progress.mountinfo)) {
        return true;
    }
    for (const int kept : step.keep) {
        if (kept == fd) return true;
    }
    return false;
}

// The lowest from `first` on that stays open; UINT_MAX where there is none.
unsigned next_kept(const step::CloseDescriptors& step, const Progress& progress, unsigned first) {
    unsigned next = UINT_MAX;
    const auto consider = [&](int fd) {
        const auto number = static_cast<unsigned>(fd);
        if (fd >= 0 && number >= first && number < next) next = number;
    };
    for (const int fd : step.keep)
        consider(fd);
    if (step.subject == Subject::caller) {
        consider(progress.proc_self_fd);
        consider(progress.mountinfo);
    }
    return next;
}

Outcome close_ranges(const step::CloseDescriptors& step, const Progress& progress) {
    for (unsigned first = 3;;) {
        const unsigned kept = next_kept(step, progress, first);
        const unsigned last = kept == UINT_MAX ? kept : kept - 1;
        if (first <= last) {
            const int error = sys::close_range(first, last, 0);
            if (error < 0) return outcome_of(error, "close_range", "descriptors");
        }
        if (kept == UINT_MAX) return done();
        first = kept + 1;
    }
}

// Before 5.11. A limit is no bound: it may have been lowered since, by a phase of this very plan.
void close_one_by_one(const step::CloseDescriptors& step, const Progress& progress) {
    for (int fd = 3; fd <= progress.start.last_descriptor; fd++) {
        if (!is_kept(step, progress, fd)) sys::close(fd);  // EBADF: nothing there
    }
}

}  // namespace

Outcome run(const step::CloseDescriptors& step, Progress& progress) {
    for (const int fd : step.keep) {
        const int flags = sys::fcntl(fd, F_GETFD);
        if (flags < 0) return outcome_of(flags, "fcntl", "kept descriptor");
        if (step.subject == Subject::program) sys::fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC);
    }
    progress.descriptors_closed = true;
    if (progress.start.plan->kernel.close_range) return close_ranges(step, progress);
    close_one_by_one(step, progress);
    return done();
}

Outcome run(const step::Call& step, Progress&) {
    return outcome_of(step.function(step.argument), "call", step.name.c_str());
}

}  // namespace caisson::child
