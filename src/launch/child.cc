// SPDX-License-Identifier: Apache-2.0
#include "caisson/child.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "launch/child_state.h"
#include "sys/call.h"

namespace caisson {
namespace {

Ending ending_of(int status) {
    Ending ending;
    if (WIFSIGNALED(status))
        ending.signal = WTERMSIG(status);
    else
        ending.code = WEXITSTATUS(status);
    return ending;
}

}  // namespace

Child::Child(std::unique_ptr<State> state) : state_(std::move(state)) {}
Child::Child(Child&&) noexcept = default;

Child& Child::operator=(Child&& other) noexcept {
    // The one that is replaced is dropped, which kills and reaps it.
    const Child dropped(std::move(state_));
    state_ = std::move(other.state_);
    return *this;
}

Child::~Child() {
    if (!state_ || state_->ending) return;
    (void)send(SIGKILL);
    (void)wait();
}

pid_t Child::pid() const {
    return state_->pid;
}
int Child::pidfd() const {
    return state_->pidfd.get();
}

Result<void> Child::send(int signal) const {
    int error = -ESRCH;
    if (!state_->ending) {
        error = state_->pidfd ? sys::pidfd_send_signal(state_->pidfd.get(), signal) : -ENOSYS;
        // pidfd_send_signal(2) is older than most filters that know pidfds; an unreaped child's
        // number cannot belong to anybody else.
        if (error == -ENOSYS) error = sys::kill(state_->pid, signal);
    }
    if (error < 0) return Error{"signal", "kill", std::to_string(state_->pid), -error, {}, {}};
    return {};
}

Result<Ending> Child::wait() {
    if (state_->ending) return *state_->ending;
    int status = 0;
    pid_t ended;
    do {
        ended = sys::wait4(state_->pid, &status, __WALL);
    } while (ended == -EINTR);
    if (ended < 0) return Error{"wait", "wait4", std::to_string(state_->pid), -ended, {}, {}};
    // An init cannot die as the program did; it left word.
    const child::Record& record = *state_->record;
    if (record.program_ended && WIFEXITED(status)) status = record.program_status;
    state_->ending = ending_of(status);
    return *state_->ending;
}

pid_t Child::detach() && {
    const pid_t pid = state_->pid;
    state_->ending = Ending{};
    state_.reset();
    return pid;
}

}  // namespace caisson
