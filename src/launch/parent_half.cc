// SPDX-License-Identifier: Apache-2.0
#include "launch/parent_half.h"

#include <errno.h>
#include <sys/wait.h>

#include "base/try.h"
#include "child/hook.h"
#include "launch/preparation.h"
#include "plan/hints.h"
#include "sys/call.h"

namespace caisson {
namespace {

namespace baton = child::baton;

const uint32_t* word_of(const child::Record& record) {
    return reinterpret_cast<const uint32_t*>(&record.baton);
}

// A copied child is watched by the kernel from its first own instructions on; one that is killed
// before them leaves no mark on the baton, so until then look now and then.
bool died_unwatched(const child::Record& record, pid_t child) {
    if (record.watched.load()) return false;
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == child;
}

// The word that ends the child's turn.
uint32_t wait_for_turn(const child::Record& record, pid_t child) {
    for (;;) {
        const uint32_t word = record.baton.load();
        if (!baton::is_childs_turn(word)) return word;
        if (died_unwatched(record, child)) return 0;
        const timespec soon = {0, 10'000'000};
        sys::futex_wait(word_of(record), word, record.watched.load() ? nullptr : &soon);
    }
}

Result<void> write_file(const step::WriteFile& step) {
    const int fd = sys::openat(AT_FDCWD, step.path.c_str(), O_WRONLY);
    if (fd < 0) return Error{{}, "open", step.path, -fd, {}, {}};
    const long written = sys::write(fd, step.content.data(), step.content.size());
    sys::close(fd);
    if (written < 0) return Error{{}, "write", step.path, static_cast<int>(-written), {}, {}};
    return {};
}

Result<void> run_hook(const Plan& plan, const Hook& hook, int root, pid_t sandbox) {
    child::HookSetting setting;
    setting.sandbox = sandbox;
    setting.root = root;
    setting.close_range = plan.kernel.close_range;
    setting.last_descriptor = last_descriptor(plan);
    setting.pidfd = plan.kernel.pidfd;
    child::HookEnding ending;
    const child::Outcome outcome = child::run_hook(hook, setting, ending);
    if (outcome.failed())
        return Error{{}, outcome.operation, outcome.subject, outcome.error, {}, {}};
    if (ending.is_success()) return {};
    // The sandbox's process has ended meanwhile: why, is not known here.
    const std::string why = ending.sandbox_gone
                                ? std::string("the sandbox's process is gone")
                                : hook_failure(hook, ending.timed_out, ending.status);
    return Error{{}, "run", hook.arguments.front(), 0, why, {}};
}

Result<void> run_step(const Plan& plan, const Step& step, const child::Record& record,
                      pid_t child) {
    if (const auto* hook = std::get_if<step::RunHook>(&step.action)) {
        return run_hook(plan, hook->hook, record.root, child);
    }
    if (const auto* maps = std::get_if<step::WriteIdMaps>(&step.action)) {
        return write_id_maps(*maps, child);
    }
    if (const auto* file = std::get_if<step::WriteFile>(&step.action)) return write_file(*file);
    const auto& call = std::get<step::Call>(step.action);
    const int error = call.function(call.argument);
    if (error < 0) return Error{{}, "call", call.name, -error, {}, {}};
    return {};
}

Result<void> run_phase(const Plan& plan, const Phase& phase, const child::Record& record,
                       pid_t child) {
    for (const Step& step : phase.steps) {
        Result<void> done = run_step(plan, step, record, child);
        if (done || step.tolerate == Tolerate::anything) continue;
        Error error = std::move(done).error();
        if (step.tolerate == Tolerate::absence &&
            (error.errno_value == ENOENT || error.errno_value == ENOTDIR)) {
            continue;
        }
        error.phase = phase.name;
        if (error.hint.empty()) {
            error.hint = plan::hint_for(phase.name, error.operation, error.errno_value);
        }
        return error;
    }
    return {};
}

const Phase* next_parent_phase(const Plan& plan, size_t& from) {
    while (from < plan.phases().size()) {
        const Phase& phase = plan.phases()[from++];
        if (phase.side == Side::parent) return &phase;
    }
    return nullptr;
}

void copy(char* to, size_t size, const std::string& from) {
    from.copy(to, size - 1);
}

void report_times(const Plan& plan, const child::Record& record, const LaunchOptions& options) {
    std::vector<PhaseTime> times = {{"namespaces", record.begin_ns, record.phases_begin_ns}};
    int64_t begin = record.phases_begin_ns;
    for (size_t i = 0; i < plan.phases().size() && i < child::max_timed_phases; i++) {
        times.push_back({plan.phases()[i].name, begin, record.phase_end_ns[i]});
        begin = record.phase_end_ns[i];
    }
    options.measured(times);
}

}  // namespace

Result<void> run_parent_half(const Plan& plan, child::Record& record, pid_t child,
                             const LaunchOptions& options) {
    size_t next = 0;
    bool announced = !record.announce;
    for (;;) {
        const uint32_t word = wait_for_turn(record, child);
        if (baton::child_is_gone(word)) return {};
        if (!announced) {
            announced = true;
            options.created(child);
        } else if (const Phase* phase = next_parent_phase(plan, next)) {
            TRY(run_phase(plan, *phase, record, child));
        } else if (options.measured) {
            report_times(plan, record, options);
        }
        if (!give_turn_back(record)) return {};
    }
}

void tell_child(child::Record& record, const Error& error) {
    child::ParentFailure& failure = record.parent_failure;
    record.failure.error = error.errno_value != 0 ? error.errno_value : ECANCELED;
    copy(failure.subject, sizeof failure.subject, error.subject);
    copy(failure.reason, sizeof failure.reason, error.errno_value != 0 ? "" : error.reason);
    copy(failure.operation, sizeof failure.operation, error.operation);
}

bool give_turn_back(child::Record& record) {
    uint32_t word = record.baton.load();
    if (baton::child_is_gone(word)) return false;
    // A child that was killed meanwhile has had its word changed by the kernel.
    if (!record.baton.compare_exchange_strong(word, word | baton::parent_waits)) return false;
    sys::futex_wake(word_of(record));
    return true;
}

}  // namespace caisson
