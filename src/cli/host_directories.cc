// SPDX-License-Identifier: Apache-2.0
#include "cli/host_directories.h"

#include <errno.h>

#include <string_view>

#include "base/path.h"
#include "base/try.h"

namespace caisson::cli {
namespace {

// Part of the memory, as ch-run has it: what a program leaves in its image is seldom more.
constexpr const char* home_layer_size = "12%";

std::string_view variable(const char* const* environment, std::string_view name) {
    for (; *environment; environment++) {
        const std::string_view entry = *environment;
        if (entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=') {
            return entry.substr(name.size() + 1);
        }
    }
    return {};
}

Error unusable(const char* name, std::string_view value, std::string reason, const char* hint) {
    return {"options", name, std::string(value), 0, std::move(reason), hint};
}

Result<std::string> directory_in(const char* name, std::string_view value, const Host& host,
                                 const char* hint) {
    if (!path::is_absolute(value)) return unusable(name, value, "must be absolute", hint);
    const std::string directory = path::tidy(value);
    const Node found = host.look("/", directory);
    if (found == Node::missing) return unusable(name, value, "can't be found", hint);
    if (found != Node::directory) return unusable(name, value, "is not a directory", hint);
    return directory;
}

// Where nobody has said who this is, the user database has.
Result<std::string> user_name(const char* const* environment, const Host& host) {
    const std::string_view said = variable(environment, "USER");
    if (!said.empty() && said.find('/') == said.npos && said != "." && said != "..") {
        return std::string(said);
    }
    const auto account = host.user(host.uid());
    if (account) return account->name;
    return unusable("--home", said, "USER is not set and the user has no name", "set USER");
}

Result<void> add_home(RunRequest& request, const char* const* environment, const Host& host) {
    constexpr const char* hint = "--home shows the directory that HOME names";
    const std::string_view home = variable(environment, "HOME");
    if (home.empty()) return Error{"options", "--home", {}, 0, "HOME is not set", hint};
    const std::string from = TRY(directory_in("HOME", home, host, hint));
    request.home_inside = "/home/" + TRY(user_name(environment, host));
    request.spec.mounts.insert(request.spec.mounts.begin(), Bind{from, request.home_inside});
    Root& root = request.spec.root ? *request.spec.root : request.spec.root.emplace();
    if (root.writes == RootWrites::layered) return {};
    root.writes = RootWrites::discarded;
    if (root.discard_size.empty()) root.discard_size = home_layer_size;
    return {};
}

}  // namespace

Result<void> add_host_directories(RunRequest& request, const char* const* environment,
                                  const Host& host) {
    const std::string_view temporary = variable(environment, "TMPDIR");
    if (request.guest.host_tmp && !temporary.empty() && temporary != "/tmp") {
        request.guest.tmp_directory = TRY(directory_in(
            "TMPDIR", temporary, host, "it is shown as /tmp: unset it, or use --private-tmp"));
    }
    return request.home ? add_home(request, environment, host) : Result<void>();
}

}  // namespace caisson::cli
