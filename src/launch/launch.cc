// SPDX-License-Identifier: Apache-2.0
#include "caisson/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/try.h"
#include "child/run_phases.h"
#include "launch/child_state.h"
#include "launch/own_executable.h"
#include "launch/parent_half.h"
#include "launch/preparation.h"
#include "launch/signals_blocked.h"
#include "plan/describe.h"
#include "plan/hints.h"
#include "sys/clone.h"

namespace caisson {
namespace {

// The child's code is a few kilobytes deep; the widest frame is the component walk's, with three
// PATH_MAX buffers. Only what is touched costs anything.
constexpr size_t stack_size = 256 * 1024;

// On the child's stack, of which the address sanitizer knows nothing.
[[gnu::no_sanitize_address]] void enter_child(void* start) {
    child::run_child(*static_cast<child::Start*>(start));
}

sys::CloneRequest request_for(const Plan& plan, child::Start& start, const SharedPages& stack) {
    sys::CloneRequest request;
    request.flags = plan.namespaces | CLONE_CLEAR_SIGHAND;
    if (!start.copied_memory) {
        request.flags |= CLONE_VM | CLONE_CHILD_CLEARTID;
        request.child_tid = reinterpret_cast<uint32_t*>(&start.record->baton);
        request.stack = stack.start();
        request.stack_size = stack.size();
    }
    request.entry = enter_child;
    request.argument = &start;
    return request;
}

// The child's process id, with its pidfd where the kernel has one.
Result<pid_t> start_process(const Plan& plan, sys::CloneRequest& request, Fd& pidfd) {
    int fd = -1;
    if (plan.kernel.pidfd) {
        request.flags |= CLONE_PIDFD;
        request.pidfd = &fd;
    }
    long pid = plan.kernel.clone3 ? sys::clone3(request) : sys::clone(request);
    // A filter may know clone(2) alone: container runtimes answer ENOSYS to what they cannot look
    // into. Nothing has begun yet, so the older call is as good, but for time namespaces.
    if (pid == -ENOSYS && plan.kernel.clone3 && !(plan.namespaces & CLONE_NEWTIME)) {
        pid = sys::clone(request);
    }
    pidfd = Fd(fd);
    if (pid > 0) return static_cast<pid_t>(pid);
    const int error = static_cast<int>(-pid);
    const char* call = plan.kernel.clone3 ? "clone3" : "clone";
    return Error{"namespaces", call, plan::namespace_names(plan.namespaces),
                 error,        {},   std::string(plan::hint_for("namespaces", call, error))};
}

// Tells the child that this process has ended: poll(2) finds something on `gone` then.
struct Lifeline {
    Fd gone;
    Fd held;  // a pipe's other end, where the kernel has no pidfds
};

Result<Lifeline> make_lifeline(const Plan& plan) {
    if (plan.kernel.pidfd) return Lifeline{TRY(open_self()), Fd()};
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) == 0) return Lifeline{Fd(ends[0]), Fd(ends[1])};
    return Error{"start", "pipe2", "self",
                 errno,   {},      std::string(plan::hint_for("start", "pipe2", errno))};
}

// Where no number that the program is to have can meet it.
Result<void> move_above(Fd& fd, int first) {
    if (!fd || fd.get() >= first) return {};
    fd = Fd(fcntl(fd.get(), F_DUPFD_CLOEXEC, first));
    if (fd) return {};
    return Error{"start", "fcntl", "self",
                 errno,   {},      std::string(plan::hint_for("start", "fcntl", errno))};
}

// Why a child that is gone did not come to exec; nothing if it did.
Result<void> check_started(const child::Record& record, const Plan& plan, bool has_init,
                           pid_t pid) {
    if (record.failure.failed()) return error_from(record, plan);
    if (has_init ? record.baton.load() == 0 : record.reached_exec) return {};
    return ended_early(pid);
}

}  // namespace

Result<Child> launch(const Plan& plan, const Program& program, const LaunchOptions& options) {
    TRY(check(plan, program));
    const Arguments arguments(program);
    const bool copied = needs_copied_memory(plan);
    auto state = std::make_unique<Child::State>(TRY(SharedRecord::make(copied)));
    const SharedPages stack = TRY(SharedPages::map(stack_size, false));
    const int first_own = first_own_descriptor(plan, program);
    Lifeline lifeline = TRY(make_lifeline(plan));
    for (Fd* fd : {&lifeline.gone, &lifeline.held})
        TRY(move_above(*fd, first_own));

    const OwnExecutable executable(protects_executable(plan));

    child::Start start;
    start.plan = &plan;
    start.executable = executable.get();
    start.program = &program;
    start.arguments = arguments.arguments();
    start.environment = arguments.environment();
    start.record = &*state->record;
    start.first_own_descriptor = first_own;
    start.launched = true;
    start.copied_memory = copied;
    start.parent_gone = lifeline.gone.get();
    start.parents_end = lifeline.held.get();
    start.last_descriptor = last_descriptor(plan);
    start.second_stack = stack.start();
    start.second_stack_size = stack.size();
    state->record->announce = static_cast<bool>(options.created);
    state->record->measure = static_cast<bool>(options.measured);
    if (options.measured) state->record->begin_ns = sys::monotonic_ns();

    const SignalsBlocked blocked;
    start.program_mask = program.signal_mask.value_or(blocked.before());
    sys::CloneRequest request = request_for(plan, start, stack);
    state->pid = TRY(start_process(plan, request, state->pidfd));
    Child child(std::move(state));  // from here on an error return kills and reaps

    child::Record& record = *start.record;
    TRY(run_parent_half(plan, record, child.pid(), options));
    TRY(check_started(record, plan, starts_init(plan), child.pid()));
    return child;
}

int exit_status(const Error& error) {
    if (error.phase != "exec") return 125;
    switch (error.errno_value) {
        case ENOENT:
        case ENOTDIR:
            return 127;
        case ENOMEM:
        case EMFILE:
        case ENFILE:
        case ENOSYS:
            return 125;
        default:
            return 126;
    }
}

}  // namespace caisson
