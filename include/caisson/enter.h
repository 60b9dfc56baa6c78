// SPDX-License-Identifier: Apache-2.0
//
// For daemons that lock themselves in: the calling process divides. What it was stays outside as
// the Supervisor; its fork finds itself Inside and goes on as the same program, with the same
// memory, in the sandbox.
//
//     auto entered = caisson::enter(plan);
//     if (!entered) …
//     if (auto* supervisor = std::get_if<caisson::Supervisor>(&entered.value())) {
//         caisson::end_like(supervisor->supervise());
//     }
//     auto& inside = std::get<caisson::Inside>(entered.value());
//
// Enter early: before the first thread starts, with the sockets bound that are needed, and with
// little else in memory that the sandbox must not know.
#pragma once

#include <signal.h>

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "caisson/child.h"
#include "caisson/error.h"
#include "caisson/fd.h"
#include "caisson/launch.h"
#include "caisson/plan.h"

#pragma GCC visibility push(default)
namespace caisson {

// The process outside. It has no capability any more but CAP_KILL, and nobody can attach to it
// (PR_SET_DUMPABLE). Dropping it kills what is Inside.
class Supervisor {
  public:
    // Of the first process inside, seen from here: the init, where there is a pid namespace.
    pid_t pid() const { return child_.pid(); }
    // Readable once it ended (poll(2)). Stays the Supervisor's.
    int pidfd() const { return child_.pidfd(); }
    // Errors: ESRCH once it ended.
    Result<void> send(int signal) const { return child_.send(signal); }

    // Passes on every signal that this process gets, until Inside has ended: all but those that a
    // terminal sends to both by itself, those of job control, and those of this process's own
    // faults. SIGKILL cannot be passed on; the kernel then ends Inside, if the plan says so. The
    // signals stay blocked from enter() on until this is done: none gets lost in between.
    Result<Ending> supervise();

  private:
    friend class EnteredProcess;
    Supervisor(Child child, bool own_session, const sigset_t& mask)
        : child_(std::move(child)), own_session_(own_session), mask_(mask) {}
    Child child_;
    bool own_session_;
    sigset_t mask_;
};

// The process inside: `/` is the plan's root, and it has the descriptors 0, 1, 2, those that the
// plan keeps, and these two. Everything that owned another one owns nothing now: drop a Host, close
// a log before.
class Inside {
  public:
    // /proc/self/fd as an O_PATH directory: openat(2) of a number in it opens that descriptor anew.
    // Nothing is above it. It is close-on-exec and of this process alone; in a fork of it the
    // numbers would be this process's. Each of the two can be taken once; then it is empty.
    Fd take_proc_self_fd() { return std::move(proc_self_fd_); }
    // /proc/self/mountinfo (proc_pid_mountinfo(5)), for reading; poll(2) tells of changes.
    Fd take_mountinfo() { return std::move(mountinfo_); }

  private:
    friend class EnteredProcess;
    Inside(Fd proc_self_fd, Fd mountinfo)
        : proc_self_fd_(std::move(proc_self_fd)), mountinfo_(std::move(mountinfo)) {}
    Fd proc_self_fd_;
    Fd mountinfo_;
};

using Entered = std::variant<Supervisor, Inside>;

struct EnterOptions {
    // The phases are done. Called outside while Inside waits; the first entry is "namespaces".
    std::function<void(const std::vector<PhaseTime>&)> measured;
};

// Carries out a plan that was compiled with Subject::caller. Both ways it returns once, in each of
// the two processes, or fails, and then nothing is left and the caller is as it was. Refused
// without a change: in a process with more than one thread, of which a fork has only one; where
// SIGCHLD is ignored, since nobody could tell then how Inside ended; and for the second time.
//
// Handlers and the signal mask are inside what they were. A seccomp filter is in force before the
// call returns there; it must allow what allow_list() (policy.h) always allows.
Result<Entered> enter(const Plan& plan, const EnterOptions& options = {});

// Ends this process as another one ended: with its exit code, or by the same signal (and no core
// dump of its own). Runs nothing of exit(3): buffers and exit handlers are those of Inside. An
// Error ends it with 125.
[[noreturn]] void end_like(const Result<Ending>& ending);

// How much of a sandbox a daemon gets.
enum class EnterMode {
    namespaces,  // its own mounts, processes, network and ipc; as an ordinary user also its own ids
    chroot,      // the directory as `/` and nothing else; takes root
    none,        // capabilities, no_new_privs and what else the Spec says, but no other `/`
};

// What a file server wants that serves `directory`: it is writable, the mounts below it are nosuid
// and nodev, CapabilitySet::file_server() is kept, and it dies with its supervisor. To be changed
// before it is compiled.
Spec spec_for_entering(const std::string& directory, EnterMode mode, const Host& host);

}  // namespace caisson
#pragma GCC visibility pop
