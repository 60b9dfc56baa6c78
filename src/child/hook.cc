// SPDX-License-Identifier: Apache-2.0
#include "child/hook.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "child/steps.h"
#include "sys/clone.h"

namespace caisson::child {
namespace {

// One short text, put together without a heap.
class Line {
  public:
    Line& operator<<(const char* text) {
        while (*text && size_ < sizeof buffer_ - 1)
            buffer_[size_++] = *text++;
        return *this;
    }
    Line& operator<<(int number) {
        char digits[12];
        char* digit = digits + sizeof digits;
        *--digit = '\0';
        do {
            *--digit = static_cast<char>('0' + number % 10);
        } while ((number /= 10) != 0);
        return *this << digit;
    }
    const char* text() const { return buffer_; }
    size_t size() const { return size_; }

  private:
    char buffer_[256] = {};
    size_t size_ = 0;
};

// What is told in two ways: a JSON object on standard input, for those that are OCI hooks already,
// and two variables for the shortest of scripts.
struct Told {
    Line root, pid_variable, root_variable, state;

    explicit Told(const HookSetting& setting) {
        if (setting.root >= 0)
            root << "/proc/" << setting.sandbox << "/fd/" << setting.root;
        else
            root << "/";
        pid_variable << "CAISSON_PID=" << setting.sandbox;
        root_variable << "CAISSON_ROOT=" << root.text();
        state << "{\"ociVersion\":\"1.2.0\",\"id\":\"caisson-" << setting.sandbox
              << "\",\"status\":\"" << setting.status << "\",\"pid\":" << setting.sandbox
              << ",\"root\":\"" << root.text() << "\"}\n";
    }
};

// What the hook's process is given. It shares the memory of the one that waits for it until exec.
struct Request {
    const Hook& hook;
    const HookSetting& setting;
    const Told& told;
    int input;      // the state, ready to be read
    pid_t waiting;  // the process that this one must not outlive, as it sees itself
    Outcome failure = {};
};

// Sharing memory stops nobody from having a signal's action, a mask and credentials of one's own.
Outcome reset_signals() {
    for (int signal = 1; signal < 65; signal++) {
        if (sys::signal_is_handled(signal)) sys::default_signal(signal);
    }
    const sigset_t none = {};
    return outcome_of(sys::sigprocmask(SIG_SETMASK, &none, nullptr), "rt_sigprocmask");
}

// A change of credentials disarms it (PR_SET_PDEATHSIG(2const)).
void die_with_the_waiting() {
    sys::prctl(PR_SET_PDEATHSIG, SIGKILL);
}

bool is_restriction(const step::Action& action) {
    return std::holds_alternative<step::SetIds>(action) ||
           std::holds_alternative<step::BoundCapabilities>(action) ||
           std::holds_alternative<step::KeepCapabilities>(action) ||
           std::holds_alternative<step::ForbidNewPrivileges>(action) ||
           std::holds_alternative<step::InstallSeccomp>(action);
}

// A hook that runs inside may do what the program may, and no more: it is the image's program, and
// the sandbox's process still has all that putting the sandbox together takes.
Outcome restrict_as_program(const Progress& inside) {
    Progress own{inside.start};
    const auto& phases = inside.start.plan->phases();
    for (size_t i = inside.phase + 1; i < phases.size(); i++) {
        for (const Step& step : phases[i].steps) {
            if (!is_restriction(step.action)) continue;
            const Outcome outcome = run_step(step.action, own);
            if (outcome.failed()) return outcome;
            if (std::holds_alternative<step::SetIds>(step.action)) die_with_the_waiting();
        }
    }
    return done();
}

Outcome place_streams(const Request& request) {
    // Where it is 0 already, it only has to stay open at exec.
    const int placed = request.input != 0 ? sys::dup2(request.input, 0) : sys::fcntl(0, F_SETFD, 0);
    if (placed < 0) return outcome_of(placed, "dup3");
    const int output = sys::dup2(2, 1);  // standard output is the program's
    if (output == -EBADF) return outcome_of(sys::close(1), "close");
    return outcome_of(output, "dup3");
}

Outcome close_the_rest(const HookSetting& setting) {
    if (setting.close_range) return outcome_of(sys::close_range(3, UINT_MAX, 0), "close_range");
    for (int fd = 3; fd <= setting.last_descriptor; fd++)
        sys::close(fd);
    return done();
}

Outcome exec_hook(const Request& request) {
    const Hook& hook = request.hook;
    const char* texts[max_hook_texts + 4];
    size_t count = 0;
    const char* const* argv = texts;
    for (const std::string& argument : hook.arguments)
        texts[count++] = argument.c_str();
    texts[count++] = nullptr;
    const char* const* envp = texts + count;
    for (const std::string& entry : hook.environment)
        texts[count++] = entry.c_str();
    texts[count++] = request.told.pid_variable.text();
    texts[count++] = request.told.root_variable.text();
    texts[count] = nullptr;
    return outcome_of(sys::execve(argv[0], argv, envp), "execve", argv[0]);
}

void run_as_hook(void* argument) {
    Request& request = *static_cast<Request*>(argument);
    die_with_the_waiting();
    if (sys::getppid() != request.waiting) sys::exit(125);
    sys::setpgid();  // so that all of it can be killed
    Outcome& failure = request.failure;
    failure = reset_signals();
    if (!failure.failed()) failure = place_streams(request);
    if (!failure.failed()) failure = close_the_rest(request.setting);
    if (!failure.failed() && request.setting.inside) {
        failure = restrict_as_program(*request.setting.inside);
    }
    if (!failure.failed()) failure = exec_hook(request);
    sys::exit(125);
}

struct Pipe {
    int ends[2] = {-1, -1};
    ~Pipe() {
        for (const int end : ends)
            if (end >= 0) sys::close(end);
    }
};

// A few hundred bytes: they fit, and nobody has to write on while the hook reads.
Outcome fill(Pipe& pipe, const Line& state) {
    const int made = sys::pipe2(pipe.ends, O_CLOEXEC);
    if (made < 0) return outcome_of(made, "pipe2");
    const long written = sys::write(pipe.ends[1], state.text(), state.size());
    sys::close(pipe.ends[1]);
    pipe.ends[1] = -1;
    return outcome_of(written, "write");
}

pid_t start(Request& request) {
    alignas(16) char stack[64 * 1024];
    sys::CloneRequest clone;
    clone.flags = CLONE_VM | CLONE_VFORK;
    clone.stack = stack;
    clone.stack_size = sizeof stack;
    clone.entry = run_as_hook;
    clone.argument = &request;
    sigset_t every, before;
    memset(&every, 0xff, sizeof every);
    const int masked = sys::sigprocmask(SIG_SETMASK, &every, &before);
    if (masked < 0) return masked;
    const auto pid = static_cast<pid_t>(sys::clone(clone));
    const int restored = sys::sigprocmask(SIG_SETMASK, &before, nullptr);
    if (restored < 0 && !request.failure.failed()) {
        request.failure = outcome_of(restored, "rt_sigprocmask");
    }
    return pid;
}

// Where the caller ignores SIGCHLD, the kernel would reap the hook by itself and its status be lost
// (wait(2)). A handler is left alone: other threads' children may end meanwhile.
class ChildrenAreKept {
  public:
    ChildrenAreKept() {
        sys::signal_action(SIGCHLD, before_);
        const auto ignore = reinterpret_cast<unsigned long>(SIG_IGN);
        changed_ = before_[0] == ignore || (before_[1] & SA_NOCLDWAIT) != 0;
        if (changed_) sys::default_signal(SIGCHLD);
    }
    ~ChildrenAreKept() {
        if (changed_) sys::set_signal(SIGCHLD, before_);
    }
    ChildrenAreKept(const ChildrenAreKept&) = delete;
    ChildrenAreKept& operator=(const ChildrenAreKept&) = delete;

  private:
    unsigned long before_[4] = {};
    bool changed_ = false;
};

timespec until(int64_t deadline_ns, int64_t at_most_ns) {
    int64_t left = deadline_ns - sys::monotonic_ns();
    if (left < 0) left = 0;
    if (left > at_most_ns) left = at_most_ns;
    return {left / 1'000'000'000, left % 1'000'000'000};
}

// 0, or -errno where somebody else has reaped the hook.
int wait_for(pid_t pid, const Hook& hook, const HookSetting& setting, HookEnding& ending) {
    constexpr int64_t soon_ns = 2'000'000;  // without pidfds: look now and then
    const int64_t deadline_ns = sys::monotonic_ns() + int64_t{hook.timeout_s} * 1'000'000'000;
    // A descriptor of -1 is one that poll(2) passes over.
    pollfd ended[] = {{-1, POLLIN, 0}, {-1, POLLIN, 0}};
    if (setting.pidfd) ended[0].fd = sys::pidfd_open(pid);
    if (setting.pidfd && !setting.inside) ended[1].fd = sys::pidfd_open(setting.sandbox);
    pid_t waited;
    while ((waited = sys::wait4(pid, &ending.status, WNOHANG | __WALL)) == 0) {
        ending.timed_out = sys::monotonic_ns() >= deadline_ns;
        ending.sandbox_gone = (ended[1].revents & POLLIN) != 0;
        if (ending.timed_out || ending.sandbox_gone) {
            sys::kill(-pid, SIGKILL);
            sys::kill(pid, SIGKILL);  // where it has left that group
            waited = sys::wait4(pid, &ending.status, __WALL);
            break;
        }
        const timespec wait = until(deadline_ns, ended[0].fd >= 0 ? INT64_MAX : soon_ns);
        sys::poll(ended, 2, &wait);
    }
    for (const pollfd& one : ended)
        if (one.fd >= 0) sys::close(one.fd);
    return waited < 0 ? waited : 0;
}

}  // namespace

Outcome run_hook(const Hook& hook, const HookSetting& setting, HookEnding& ending) {
    const char* name = hook.arguments.front().c_str();
    const Told told(setting);
    Pipe pipe;
    const Outcome filled = fill(pipe, told.state);
    if (filled.failed()) return filled.about(name);
    const ChildrenAreKept kept;
    Request request{hook, setting, told, pipe.ends[0], sys::getpid()};
    const pid_t pid = start(request);
    if (pid < 0) return outcome_of(pid, "clone", name);
    const int waited = wait_for(pid, hook, setting, ending);
    if (request.failure.failed()) return request.failure.about(name);
    return outcome_of(waited, "wait4", name);
}

Outcome run(const step::RunHook& step, Progress& progress) {
    const Start& start = progress.start;
    HookSetting setting;
    setting.sandbox = sys::getpid();
    setting.status = "created";
    setting.inside = &progress;
    setting.close_range = start.plan->kernel.close_range;
    setting.last_descriptor = start.last_descriptor;
    setting.pidfd = start.plan->kernel.pidfd;
    HookEnding ending;
    const Outcome outcome = run_hook(step.hook, setting, ending);
    if (outcome.failed() || ending.is_success()) return outcome;
    start.record->hook_status = ending.status;
    start.record->hook_timed_out = ending.timed_out;
    return {ECANCELED, "run", step.hook.arguments.front().c_str()};
}

}  // namespace caisson::child
