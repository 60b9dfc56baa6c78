// SPDX-License-Identifier: Apache-2.0
#include "launch/preparation.h"

#include <dirent.h>
#include <errno.h>

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>

#include "base/try.h"
#include "plan/describe.h"
#include "plan/hints.h"

namespace caisson {
namespace {

bool runs_in_parent(const step::Action& action) {
    return std::holds_alternative<step::WriteIdMaps>(action) ||
           std::holds_alternative<step::WriteFile>(action) ||
           std::holds_alternative<step::RunHook>(action) ||
           std::holds_alternative<step::Call>(action);
}

Error misplaced(const Phase& phase, const char* reason) {
    return {"plan", "phase", phase.name, 0, reason, {}};
}

template <typename Predicate>
bool has_child_step(const Plan& plan, Predicate fits) {
    for (const Phase& phase : plan.phases()) {
        if (phase.side == Side::parent) continue;
        for (const Step& step : phase.steps) {
            if (fits(step.action)) return true;
        }
    }
    return false;
}

// The number under which the step leaves a descriptor; -1: none.
int descriptor_made_by(const Step& step) {
    if (const auto* file = std::get_if<step::GiveSealedFile>(&step.action))
        return file->file.descriptor;
    if (const auto* redirect = std::get_if<step::Redirect>(&step.action))
        return redirect->redirection.to;
    return -1;
}

bool makes_descriptor(const Plan& plan, int fd) {
    for (const Phase& phase : plan.phases()) {
        for (const Step& step : phase.steps) {
            if (descriptor_made_by(step) == fd) return true;
        }
    }
    return false;
}

// Checked before the start opens anything: a number that is free now could be one of ours then.
Result<void> check_kept(const step::CloseDescriptors& step, const Plan& plan,
                        const Program& program) {
    for (const int fd : step.keep) {
        const auto makes_it = [&](const Redirection& one) { return one.to == fd; };
        if (std::any_of(program.redirections.begin(), program.redirections.end(), makes_it))
            continue;
        if (makes_descriptor(plan, fd)) continue;
        const int flags = sys::fcntl(fd, F_GETFD);
        if (flags >= 0) continue;
        return Error{"fds",  "fcntl", std::to_string(fd),
                     -flags, {},      std::string(plan::hint_for("fds", "fcntl", -flags))};
    }
    return {};
}

// A NUL would end the text for the kernel before its end.
Result<void> check_texts(const Program& program) {
    const auto check = [](const char* what, const std::string& text) -> Result<void> {
        if (text.find('\0') == std::string::npos) return {};
        return Error{"program", what, text, 0, "has a NUL byte", {}};
    };
    TRY(check("directory", program.directory));
    for (const std::string& text : program.candidates)
        TRY(check("candidate", text));
    for (const std::string& text : program.arguments)
        TRY(check("argument", text));
    for (const std::string& text : program.environment)
        TRY(check("environment", text));
    return {};
}

Result<void> check_phases(const Plan& plan, Subject subject, const Program& program) {
    if (plan.subject != subject) {
        const bool enters = plan.subject == Subject::caller;
        return Error{"plan",
                     "subject",
                     {},
                     0,
                     enters ? "this plan is for enter()" : "this plan is for launch() and become()",
                     "Spec::subject says whose plan it is"};
    }
    for (const Phase& phase : plan.phases()) {
        for (const Step& step : phase.steps) {
            const auto* call = std::get_if<step::Call>(&step.action);
            if (call && !call->function) return misplaced(phase, "has a call without a function");
            if (phase.side == Side::parent && !runs_in_parent(step.action)) {
                return misplaced(phase, "has a step that only the child can carry out");
            }
            if (phase.side == Side::child &&
                std::holds_alternative<step::WriteIdMaps>(step.action)) {
                return misplaced(phase, "has a step that only the parent can carry out");
            }
            if (const auto* kept = std::get_if<step::CloseDescriptors>(&step.action)) {
                if (auto bad = check_kept(*kept, plan, program); !bad) return bad;
            }
        }
    }
    return {};
}

std::string phase_of(const child::Record& record, const Plan& plan) {
    switch (record.stage) {
        case child::Stage::start:
            return "start";
        case child::Stage::namespaces:
            return "namespaces";
        case child::Stage::phases:
            return plan.phases()[record.failed_phase].name;
        case child::Stage::exec:
            return "exec";
    }
    return {};
}

// The part of a subject that only the step knows.
std::string subject_of(const child::Record& record, const Plan& plan) {
    if (record.stage == child::Stage::namespaces) return plan::namespace_names(plan.namespaces);
    std::string subject = record.failure.subject ? record.failure.subject : "";
    if (record.stage != child::Stage::phases || record.parent_failure.operation[0]) return subject;
    const Step& step = plan.phases()[record.failed_phase].steps[record.failed_step];
    if (const auto* ids = std::get_if<step::SetIds>(&step.action)) {
        if (subject == "uid") return "uid " + std::to_string(ids->uid.value_or(0));
        if (subject == "gid") return "gid " + std::to_string(ids->gid.value_or(0));
    }
    if (const auto* limit = std::get_if<step::SetLimit>(&step.action)) {
        return "limit " + std::to_string(limit->limit.resource);
    }
    if (const auto* caps = std::get_if<step::KeepCapabilities>(&step.action)) {
        return subject == "capabilities" ? caps->kept.text() : subject;
    }
    if (const auto* redirect = std::get_if<step::Redirect>(&step.action)) {
        return "descriptor " + std::to_string(redirect->redirection.from);
    }
    return subject;
}

// Where no call failed but a hook did.
std::string reason_of(const child::Record& record, const Plan& plan) {
    if (record.stage != child::Stage::phases || strcmp(record.failure.operation, "run") != 0) {
        return {};
    }
    const Step& step = plan.phases()[record.failed_phase].steps[record.failed_step];
    const auto* hook = std::get_if<step::RunHook>(&step.action);
    return hook ? hook_failure(hook->hook, record.hook_timed_out, record.hook_status) : "";
}

}  // namespace

bool starts_init(const Plan& plan) {
    return has_child_step(plan, [](const step::Action& action) {
        return std::holds_alternative<step::StartInit>(action);
    });
}

bool protects_executable(const Plan& plan) {
    return has_child_step(plan, [](const step::Action& action) {
        return std::holds_alternative<step::ProtectExecutable>(action);
    });
}

bool needs_copied_memory(const Plan& plan) {
    return has_child_step(plan, [](const step::Action& action) {
        const auto* call = std::get_if<step::Call>(&action);
        return std::holds_alternative<step::StartInit>(action) ||
               std::holds_alternative<step::ProtectExecutable>(action) ||
               (call && call->memory == step::Call::Memory::needs_a_copy);
    });
}

bool has_parent_phase(const Plan& plan) {
    for (const Phase& phase : plan.phases()) {
        if (phase.side == Side::parent) return true;
    }
    return false;
}

Result<void> check(const Plan& plan, const Program& program) {
    if (program.candidates.empty() || program.arguments.empty()) {
        return Error{"program", "arguments", {}, 0, "there is no program to run", {}};
    }
    TRY(check_texts(program));
    return check_phases(plan, Subject::program, program);
}

Result<void> check(const Plan& plan, Subject subject) {
    return check_phases(plan, subject, {});
}

Result<Fd> open_self() {
    const int self = sys::pidfd_open(sys::getpid());
    if (self >= 0) return Fd(self);
    return Error{"start", "pidfd_open", "self",
                 -self,   {},           std::string(plan::hint_for("start", "pidfd_open", -self))};
}

Error ended_early(pid_t pid) {
    siginfo_t info{};
    waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
    return {"start",
            "wait",
            {},
            0,
            std::string("the child ") +
                (info.si_code == CLD_EXITED ? "exited with " : "was ended by signal ") +
                std::to_string(info.si_status) + " before the program began",
            {}};
}

int first_own_descriptor(const Plan& plan, const Program& program) {
    int highest = 2;
    for (const Redirection& one : program.redirections)
        highest = std::max(highest, one.to);
    for (const Phase& phase : plan.phases()) {
        for (const Step& step : phase.steps)
            highest = std::max(highest, descriptor_made_by(step));
    }
    return highest + 1;
}

int last_descriptor(const Plan& plan) {
    constexpr int own = 256;  // more than a child has open at a time, each the lowest free number
    if (plan.kernel.close_range) return 0;
    DIR* directory = opendir("/proc/self/fd");
    if (!directory) {
        rlimit limit{};
        getrlimit(RLIMIT_NOFILE, &limit);
        return static_cast<int>(std::min<rlim_t>(limit.rlim_max, 1 << 20));  // fs.nr_open's default
    }
    int last = 2;
    while (const dirent* entry = readdir(directory))
        last = std::max(last, atoi(entry->d_name));
    closedir(directory);
    return last + own;
}

Arguments::Arguments(const Program& program) {
    arguments_.reserve(program.arguments.size() + 1);
    for (const std::string& argument : program.arguments)
        arguments_.push_back(argument.c_str());
    arguments_.push_back(nullptr);
    environment_.reserve(program.environment.size() + 1);
    for (const std::string& entry : program.environment)
        environment_.push_back(entry.c_str());
    environment_.push_back(nullptr);
}

std::string hook_failure(const Hook& hook, bool timed_out, int status) {
    if (timed_out) return "took longer than " + std::to_string(hook.timeout_s) + " s";
    if (WIFSIGNALED(status)) return "ended by signal " + std::to_string(WTERMSIG(status));
    return "exit status " + std::to_string(WEXITSTATUS(status));
}

Error error_from(const child::Record& record, const Plan& plan) {
    Error error;
    error.phase = phase_of(record, plan);
    error.operation = record.failure.operation;
    error.subject = subject_of(record, plan);
    error.reason = record.parent_failure.reason;
    if (error.reason.empty()) error.reason = reason_of(record, plan);
    if (error.reason.empty()) error.errno_value = record.failure.error;
    error.hint = plan::hint_for(error.phase, error.operation, error.errno_value);
    return error;
}

}  // namespace caisson
