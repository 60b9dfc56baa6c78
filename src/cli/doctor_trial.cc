// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor_trial.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "base/try.h"
#include "caisson/fd.h"
#include "caisson/launch.h"
#include "cli/run_spec.h"

namespace caisson::cli {
namespace {

constexpr const char* places[] = {"dev", "proc", "sys", "tmp", "etc", "probe"};
constexpr const char* last_phase = "call-off";

// The Error of a process that cannot return one: its parts, with NUL between.
std::string packed(const Error& error) {
    return text::join({error.phase, error.operation, error.subject,
                       std::to_string(error.errno_value), error.reason, error.hint},
                      std::string_view("\0", 1));
}

Error unpacked(const std::string& packed) {
    const std::vector<std::string> parts = text::split(packed, '\0');
    if (parts.size() != 6) {
        return {"start", "wait", {}, 0, "the process was killed, as by a seccomp filter", {}};
    }
    return {parts[0], parts[1], parts[2], atoi(parts[3].c_str()), parts[4], parts[5]};
}

// become() leaves a process half way in, so it gets one of its own.
Error become_elsewhere(const Plan& plan, const Program& program) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return {"doctor", "pipe2", {}, errno, {}, {}};
    const Fd read_end(ends[0]);
    Fd write_end(ends[1]);
    const pid_t child = fork();
    if (child < 0) return {"doctor", "fork", {}, errno, {}, {}};
    if (child == 0) {
        const std::string line = packed(become(plan, program));
        (void)!write(write_end.get(), line.data(), line.size());
        _exit(0);
    }
    write_end.reset();
    std::string line;
    char buffer[4096];
    ssize_t got;
    while ((got = read(read_end.get(), buffer, sizeof buffer)) > 0) {
        line.append(buffer, static_cast<size_t>(got));
    }
    while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
    return unpacked(line);
}

// Never ok: the program is not reached, and how far the sandbox came is in the Error.
Result<void> carry_out(const Host& host, const Spec& spec, Way way, InSandbox last) {
    Plan plan = TRY(compile(spec, host));
    const step::Call call{last_phase, last, nullptr, step::Call::Memory::may_be_shared};
    TRY(plan.append({last_phase, Side::child, {{call}}}));
    Program program;
    program.candidates = {"/nonexistent"};
    program.arguments = {"nonexistent"};
    if (way == Way::in_place) return become_elsewhere(plan, program);
    return launch(plan, program).error();
}

}  // namespace

ScratchImage::ScratchImage() {
    const char* directory = getenv("TMPDIR");
    path_ = std::string(directory && *directory ? directory : "/tmp") + "/caisson-doctor.XXXXXX";
    if (!mkdtemp(path_.data())) {
        path_ = "/";
        return;
    }
    for (const char* place : places)
        mkdir((path_ + "/" + place).c_str(), 0755);
}

ScratchImage::~ScratchImage() {
    if (path_ == "/") return;
    for (const char* place : places)
        rmdir((path_ + "/" + place).c_str());
    rmdir(path_.c_str());
}

int call_off(void*) {
    return -ECANCELED;
}

std::optional<Error> try_spec(const Host& host, const Spec& spec, Way way, InSandbox last) {
    const Result<void> ended = carry_out(host, spec, way, last);
    const Error& error = ended.error();
    if (error.phase == last_phase && error.errno_value == ECANCELED) return {};
    return error;
}

std::optional<Error> try_request(const Host& host, RunRequest request, Way way, InSandbox last) {
    const ScratchImage image;
    request.image = image.path();
    const Result<Wanted> wanted = wanted_by(std::move(request), host, environ);
    if (!wanted) return wanted.error();
    return try_spec(host, wanted.value().spec, way, last);
}

}  // namespace caisson::cli
