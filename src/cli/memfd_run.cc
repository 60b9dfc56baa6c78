// SPDX-License-Identifier: Apache-2.0
//
// `caisson memfd run`: a program executed from a sealed copy. Whatever becomes of the file that it
// was copied from, and whoever could write to that, what runs is what was read.
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/path.h"
#include "base/try.h"
#include "caisson/launch.h"
#include "cli/memfd.h"
#include "plan/hints.h"

namespace caisson::cli {
namespace {

Error not_executed(const char* operation, const std::string& subject, int error) {
    const bool missing = error == ENOENT;
    std::string hint(missing ? "is it on PATH, and its interpreter where it says?"
                             : plan::hint_for("exec", "execve", error));
    return {"exec", operation, subject, error, {}, std::move(hint)};
}

// Only these say something of the program; anything else is a failure of ours.
Error not_opened(const std::string& name, int error) {
    const bool says_something = error == ENOENT || error == ENOTDIR || error == EACCES;
    Error failed = not_executed("open", name, error);
    if (!says_something) failed.phase = "memory file";
    return failed;
}

// What execvp(3) would take; but a directory of PATH that this user may not search has nothing,
// rather than something that must not be run.
Result<Fd> open_program(const std::string& name) {
    const char* path = getenv("PATH");
    const Program program = program_from({name}, {}, path ? path : "/usr/local/bin:/usr/bin:/bin");
    int why = ENOENT;
    for (const std::string& candidate : program.candidates) {
        const char* file = candidate.c_str();
        Fd fd(access(file, X_OK) == 0 ? open(file, O_RDONLY | O_CLOEXEC) : -1);
        if (fd) return fd;
        const int error = errno;
        if (program.candidates.size() == 1 || access(file, F_OK) == 0) why = error;
    }
    return not_opened(name, why);
}

Result<bool> is_script(const Fd& file, const std::string& name) {
    char start[2] = {};
    if (pread(file.get(), start, sizeof start, 0) >= 0) return start[0] == '#' && start[1] == '!';
    const int error = errno;
    return Error{
        "memory file", "pread", name,
        error,         {},      std::string(plan::hint_for("memory file", "pread", error))};
}

// Through a descriptor that reads: the kernel executes nothing that is open for writing.
Result<Fd> sealed_copy(const std::string& name, const Fd& source) {
    MemFile file = TRY(MemFile::create(name, {.execution = Execution::allowed}));
    TRY(file.write_from(source.get()));
    Fd reader = TRY(file.read_only());
    TRY(std::move(file).seal());
    // An interpreter opens its script as /dev/fd/N, so that one has to stay open (fexecve(3),
    // BUGS).
    if (TRY(is_script(reader, name))) fcntl(reader.get(), F_SETFD, 0);
    return reader;
}

}  // namespace

Result<int> memfd_run(const MemfdRequest& request) {
    std::vector<std::string> arguments = request.operands;
    if (arguments.empty() && !request.fill.empty()) arguments = {request.fill};
    if (arguments.empty()) {
        return Error{"options", {}, {}, 0, "run needs a command, or --fill FILE", {}};
    }
    const Fd source =
        request.fill.empty() ? TRY(open_program(arguments[0])) : TRY(open_fill(request.fill));
    const std::string& given = request.name.empty() ? arguments[0] : request.name;
    const std::string name = given.substr(given.rfind('/') + 1);
    const Fd program = TRY(sealed_copy(name, source));

    std::vector<char*> argv;
    for (std::string& argument : arguments)
        argv.push_back(argument.data());
    argv.push_back(nullptr);
    syscall(SYS_execveat, program.get(), "", argv.data(), environ, AT_EMPTY_PATH);
    return not_executed("execveat", arguments[0], errno);
}

}  // namespace caisson::cli
