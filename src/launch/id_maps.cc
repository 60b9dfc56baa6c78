// SPDX-License-Identifier: Apache-2.0
//
// Writing another process's id maps: directly where the caller is root, else through the set-uid
// helpers of shadow, which check the ranges of /etc/subuid and /etc/subgid.
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/try.h"
#include "caisson/fd.h"
#include "launch/parent_half.h"

namespace caisson {
namespace {

Result<void> write_map(const std::string& path, const std::vector<IdRange>& ranges) {
    std::string lines;
    for (const IdRange& range : ranges) {
        lines += std::to_string(range.inside) + " " + std::to_string(range.outside) + " " +
                 std::to_string(range.count) + "\n";
    }
    const Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!fd) return Error{{}, "open", path, errno, {}, {}};
    // The kernel takes a map in one write and once (user_namespaces(7)).
    if (::write(fd.get(), lines.data(), lines.size()) != static_cast<ssize_t>(lines.size())) {
        return Error{{}, "write", path, errno, {}, {}};
    }
    return {};
}

// The first line of what a helper complained.
std::string first_line(int fd) {
    std::string text;
    char buffer[512];
    ssize_t got;
    while ((got = ::read(fd, buffer, sizeof buffer)) > 0) {
        text.append(buffer, static_cast<size_t>(got));
    }
    return text.substr(0, text.find('\n'));
}

Result<pid_t> spawn_helper(const char* helper, const std::vector<std::string>& arguments,
                           int errors) {
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
    for (const std::string& argument : arguments)
        argv.push_back(const_cast<char*>(argument.data()));
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;  // the launching thread has all signals blocked
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    pid_t pid = -1;
    const int error = posix_spawnp(&pid, helper, &actions, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) return Error{{}, helper, {}, error, {}, {}};
    return pid;
}

// "0:1000:1,1:100000:65536", as --id-map takes them.
std::string text_of(const std::vector<IdRange>& ranges) {
    std::string text;
    for (const IdRange& range : ranges) {
        if (!text.empty()) text += ',';
        text += std::to_string(range.inside) + ":" + std::to_string(range.outside) + ":" +
                std::to_string(range.count);
    }
    return text;
}

Result<void> run_helper(const char* helper, pid_t child, const std::vector<IdRange>& ranges) {
    const std::string subject = text_of(ranges);
    std::vector<std::string> arguments = {helper, std::to_string(child)};
    for (const IdRange& range : ranges) {
        for (const uint32_t number : {range.inside, range.outside, range.count}) {
            arguments.push_back(std::to_string(number));
        }
    }
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return Error{{}, "pipe2", helper, errno, {}, {}};
    const Fd read_end(ends[0]);
    Fd write_end(ends[1]);
    Result<pid_t> spawned = spawn_helper(helper, arguments, write_end.get());
    if (!spawned) return Error{{}, helper, subject, spawned.error().errno_value, {}, {}};
    const pid_t pid = spawned.value();
    write_end.reset();
    const std::string complaint = first_line(read_end.get());
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    // A caller that ignores SIGCHLD gets no status; a complaint says enough.
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && complaint.empty()) return {};
    return Error{{}, helper, subject, 0, complaint.empty() ? "ended with an error" : complaint, {}};
}

}  // namespace

Result<void> write_id_maps(const step::WriteIdMaps& step, pid_t child) {
    if (step.through == step::WriteIdMaps::Through::helpers) {
        TRY(run_helper("newuidmap", child, step.maps.uids));
        return run_helper("newgidmap", child, step.maps.gids);
    }
    const std::string directory = "/proc/" + std::to_string(child);
    TRY(write_map(directory + "/uid_map", step.maps.uids));
    return write_map(directory + "/gid_map", step.maps.gids);
}

}  // namespace caisson
