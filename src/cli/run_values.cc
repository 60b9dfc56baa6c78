// SPDX-License-Identifier: Apache-2.0
#include "cli/run_values.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/resource.h>

#include <algorithm>

#include "base/file.h"
#include "base/path.h"
#include "base/text.h"
#include "base/try.h"

namespace caisson::cli {
namespace {

Error wrong(std::string reason, std::string hint = {}) {
    return {{}, {}, {}, 0, std::move(reason), std::move(hint)};
}

Result<int> descriptor(const char* value) {
    const auto number = text::number(value, 1 << 20);
    if (!number) return wrong("is no descriptor's number");
    if (fcntl(static_cast<int>(*number), F_GETFD) < 0) return wrong("is not an open descriptor");
    return static_cast<int>(*number);
}

Result<IdRange> id_range(const std::string& value) {
    const std::vector<std::string> parts = text::split(value, ':');
    if (parts.size() != 3) return wrong("a range is INSIDE:OUTSIDE:COUNT");
    uint32_t numbers[3];
    for (size_t i = 0; i < 3; i++) {
        const auto number = text::number(parts[i], UINT32_MAX - 1);
        if (!number) return wrong("a range is three numbers");
        numbers[i] = static_cast<uint32_t>(*number);
    }
    if (numbers[2] == 0) return wrong("a range has at least one id");
    return IdRange{numbers[0], numbers[1], numbers[2]};
}

struct LimitName {
    const char* name;
    int resource;
};
constexpr LimitName limit_names[] = {
    {"as", RLIMIT_AS},           {"core", RLIMIT_CORE},         {"cpu", RLIMIT_CPU},
    {"data", RLIMIT_DATA},       {"fsize", RLIMIT_FSIZE},       {"locks", RLIMIT_LOCKS},
    {"memlock", RLIMIT_MEMLOCK}, {"msgqueue", RLIMIT_MSGQUEUE}, {"nice", RLIMIT_NICE},
    {"nofile", RLIMIT_NOFILE},   {"nproc", RLIMIT_NPROC},       {"rss", RLIMIT_RSS},
    {"rtprio", RLIMIT_RTPRIO},   {"rttime", RLIMIT_RTTIME},     {"sigpending", RLIMIT_SIGPENDING},
    {"stack", RLIMIT_STACK}};

Result<uint64_t> limit_value(const std::string& value) {
    if (value == "unlimited" || value == "-1") return UINT64_MAX;
    const auto number = text::number(value);
    if (!number) return wrong("a limit is a number or unlimited");
    return *number;
}

}  // namespace

std::string inside_path(const std::string& path) {
    return path::is_absolute(path) ? path : "/" + path;
}

Result<void> set_writes(RunRequest& request, RootWrites writes, const char* size) {
    // --overlay wins over --write-fake, and both over --write, in any order: the image stays as it
    // is.
    Root& root = request.spec.root ? *request.spec.root : request.spec.root.emplace();
    root.writes = std::max(root.writes, writes);
    if (size) root.discard_size = size;
    return {};
}

Result<void> set_dev(RunRequest& request, const char* value) {
    if (strcmp(value, "host") == 0) return set(request.guest.dev, DevKind::host);
    if (strcmp(value, "minimal") == 0) return set(request.guest.dev, DevKind::minimal);
    return wrong("is neither host nor minimal");
}

Result<void> set_env(RunRequest& request, const char* value, char separator) {
    using Kind = EnvironmentChange::Kind;
    if (!value) {
        const Kind kind = separator == '\0' ? Kind::image_zeroed : Kind::image;
        request.environment.push_back({kind, {}, {}});
        return {};
    }
    if (strchr(value, '=')) {
        request.environment.push_back(TRY(parse_assignment(value, value)));
        return {};
    }
    const std::string content = TRY(file::read(value, "environment"));
    for (EnvironmentChange& change : TRY(parse_assignments(content, separator, value))) {
        request.environment.push_back(std::move(change));
    }
    return {};
}

Result<void> unset_env(RunRequest& request, const char* value) {
    if (!*value) return wrong("the pattern must not be empty");
    request.environment.push_back({EnvironmentChange::Kind::unset, value, {}});
    return {};
}

Result<void> clear_env(RunRequest& request, const char*) {
    request.environment.push_back({EnvironmentChange::Kind::clear, {}, {}});
    return {};
}

Result<void> set_close_fds(RunRequest& request, const char* value) {
    const std::string_view wanted = value ? value : "yes";
    if (wanted != "yes" && wanted != "no") return wrong("is neither yes nor no");
    return set(request.spec.close_descriptors, wanted == "yes");
}

Result<void> keep_fd(RunRequest& request, const char* value) {
    const int fd = TRY(descriptor(value));
    if (fd > 2) request.spec.keep_descriptors.push_back(fd);
    return {};
}

Result<void> add_file_fd(RunRequest& request, const char* value) {
    const char* equals = strchr(value, '=');
    if (!equals || !equals[1]) return wrong("is not N=PATH");
    const auto number = text::number(std::string_view(value, equals), 1 << 20);
    if (!number) return wrong("is no descriptor's number");
    request.spec.descriptor_files.push_back({static_cast<int>(*number), equals + 1, {}});
    return {};
}

Result<void> add_rlimit(RunRequest& request, const char* value) {
    const char* equals = strchr(value, '=');
    if (!equals) return wrong("a limit is NAME=SOFT[:HARD]");
    const std::string name(value, equals);
    for (const LimitName& known : limit_names) {
        if (name != known.name) continue;
        const std::vector<std::string> parts = text::split(equals + 1, ':');
        if (parts.size() > 2) return wrong("a limit is NAME=SOFT[:HARD]");
        const uint64_t soft = TRY(limit_value(parts.front()));
        request.spec.limits.push_back({known.resource, soft, TRY(limit_value(parts.back()))});
        return {};
    }
    std::vector<std::string> names;
    for (const LimitName& known : limit_names)
        names.emplace_back(known.name);
    return wrong("there is no such limit", "there are: " + text::join(names, ", "));
}

Result<void> set_id(std::optional<uint32_t>& field, const char* value) {
    // 2^32-1 is no id: it stands for "none" in the kernel's calls.
    const auto number = text::number(value, UINT32_MAX - 1);
    if (!number) return wrong("is no id: a number from 0 to 4294967294");
    return set(field, static_cast<uint32_t>(*number));
}

Result<void> set_id_map(RunRequest& request, const char* value) {
    IdMaps& maps = request.spec.id_maps;
    maps = {};
    request.ids_from_subids = strcmp(value, "subids") == 0;
    if (request.ids_from_subids || strcmp(value, "single") == 0) return {};
    for (const std::string& part : text::split(value, ',')) {
        const bool users_only = part.starts_with("u:");
        const bool groups_only = part.starts_with("g:");
        const IdRange range = TRY(id_range(users_only || groups_only ? part.substr(2) : part));
        if (!groups_only) maps.uids.push_back(range);
        if (!users_only) maps.gids.push_back(range);
    }
    if (maps.uids.empty() || maps.gids.empty()) return wrong("needs a range for users and groups");
    return {};
}

Result<void> add_capabilities(CapabilitySet& set, const char* value) {
    for (const std::string& name : text::split(value, ',')) {
        const auto found = CapabilitySet::named(name);
        if (!found) return wrong("there is no capability " + text::quoted(name));
        set = set.with(*found);
    }
    return {};
}

Result<void> set_private(RunRequest& request, const char* value) {
    Namespaces& ns = request.spec.namespaces;
    const struct {
        const char* name;
        bool& wanted;
    } known[] = {{"pid", ns.pid}, {"net", ns.net},       {"ipc", ns.ipc},
                 {"uts", ns.uts}, {"cgroup", ns.cgroup}, {"time", ns.time}};
    for (const std::string& name : text::split(value, ',')) {
        bool found = false;
        for (const auto& one : known) {
            if (name != "all" && name != one.name) continue;
            one.wanted = found = true;
        }
        if (!found)
            return wrong("there is no namespace " + text::quoted(name),
                         "there are: pid, net, ipc, uts, cgroup, time, all");
    }
    return {};
}

namespace {

Result<std::chrono::nanoseconds> duration(const char* value) {
    char* end = nullptr;
    const double number = strtod(value, &end);
    const std::string_view unit = end;
    const double seconds = number * (unit.empty() || unit == "s" ? 1
                                     : unit == "m"               ? 60
                                     : unit == "h"               ? 3600
                                     : unit == "d"               ? 86400
                                                                 : -1);
    // Longer than a century is no duration but a mistake.
    if (end == value || !isfinite(seconds) || seconds <= 0 || seconds > 3.2e9) {
        return wrong("is no duration: 10, 1.5m, 2h or 1d");
    }
    return std::chrono::nanoseconds(static_cast<int64_t>(seconds * 1e9));
}

}  // namespace

Result<void> set_timeout(RunRequest& request, const char* value) {
    request.timeout = TRY(duration(value));
    return {};
}

Result<void> join_count(RunRequest& request, const char* value) {
    const auto count = text::number(value, 1 << 20);
    if (count.value_or(0) == 0) return wrong("is no number of peers: 1, 2, 3 …");
    request.join.peers = true;
    return set(request.join.count, static_cast<unsigned>(*count));
}

Result<void> join_tag(RunRequest& request, const char* value) {
    if (!*value) return wrong("the tag must not be empty");
    request.join.peers = true;
    return set(request.join.tag, std::string(value));
}

Result<void> join_pid(RunRequest& request, const char* value) {
    const auto pid = text::number(value, INT32_MAX);
    if (pid.value_or(0) == 0) return wrong("is no process id");
    return set(request.join.pid, static_cast<pid_t>(*pid));
}

Result<void> check_join(const JoinRequest& join) {
    const auto refuse = [](const char* option, const char* reason) {
        return Error{"options", option, {}, 0, reason, {}};
    };
    if (join.pid && join.peers) return refuse("--join-pid", "can't go with --join");
    if (join.peers) return {};
    if (join.environment) return refuse("--join-env", "needs --join");
    if (join.timeout) return refuse("--join-timeout", "needs --join");
    return {};
}

Result<void> join_timeout(RunRequest& request, const char* value) {
    return set(request.join.timeout,
               std::chrono::ceil<std::chrono::milliseconds>(TRY(duration(value))));
}

Result<void> set_status_fd(RunRequest& request, const char* value) {
    return set(request.status_fd, TRY(descriptor(value)));
}

}  // namespace caisson::cli
