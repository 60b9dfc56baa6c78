// SPDX-License-Identifier: Apache-2.0
#include "cli/status_report.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

namespace caisson::cli {
namespace {

using Json = nlohmann::ordered_json;

// Paths need not be UTF-8; JSON does.
std::string line_of(const Json& object) {
    return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<void> write_line(int fd, const std::string& line) {
    // One write: readers of a pipe see whole lines (up to PIPE_BUF), and nobody's else between.
    if (write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size())) return {};
    return Error{"status", "write", "--status-fd " + std::to_string(fd), errno, {}, {}};
}

// The inode numbers that identify a process's namespaces (namespaces(7)).
Json namespaces_of(pid_t pid) {
    Json found = Json::object();
    for (const char* name : {"user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time"}) {
        const std::string path = "/proc/" + std::to_string(pid) + "/ns/" + name;
        struct stat info {};
        if (stat(path.c_str(), &info) == 0) found[name] = info.st_ino;
    }
    return found;
}

}  // namespace

void StartedReport::examine(pid_t pid) {
    line_ = line_of({{"event", "started"}, {"pid", pid}, {"namespaces", namespaces_of(pid)}});
}

Result<void> StartedReport::send() const {
    if (fd_ < 0) return {};
    return write_line(fd_, line_);
}

Result<void> report_exited(int fd, const Ending& ending, bool timed_out) {
    if (fd < 0) return {};
    Json object = {{"event", "exited"}};
    if (ending.code) object["code"] = *ending.code;
    if (ending.signal) object["signal"] = *ending.signal;
    if (timed_out) object["timed-out"] = true;
    return write_line(fd, line_of(object));
}

void report_failed(int fd, const Error& error) {
    if (fd < 0) return;
    const char* words = error.errno_value ? strerrordesc_np(error.errno_value) : nullptr;
    (void)write_line(fd, line_of({{"event", "failed"},
                                  {"phase", error.phase},
                                  {"operation", error.operation},
                                  {"subject", error.subject},
                                  {"errno", error.errno_value},
                                  {"reason", words ? words : error.reason},
                                  {"hint", error.hint}}));
}

}  // namespace caisson::cli
