// SPDX-License-Identifier: Apache-2.0
//
// Part of every start: one open(2) for each file that is not there, and nothing else.
#include "cli/config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/try.h"
#include "cli/run_request.h"
#include "spec/environment.h"

namespace caisson::cli {
namespace {

constexpr const char* system_file = "/etc/caisson/config.toml";

const char* value_of(const char* const* environment, std::string_view name) {
    for (; *environment; environment++) {
        const std::string_view entry = *environment;
        if (entry.starts_with(name) && entry.substr(name.size()).starts_with('=')) {
            return *environment + name.size() + 1;
        }
    }
    return nullptr;
}

// What somebody else could have written must not be carried out as this user: under sudo(8) with
// HOME kept, root would be told by the user.
Result<void> check_owner(const Fd& fd, const std::string& path) {
    struct stat info {};
    if (fstat(fd.get(), &info) < 0) return Error{"config", "fstat", path, errno, {}, {}};
    if ((info.st_uid == geteuid() || info.st_uid == 0) && (info.st_mode & S_IWOTH) == 0) return {};
    return Error{"config",
                 {},
                 path,
                 0,
                 "could have been written by another user",
                 "it must belong to you, others must not write it; --no-config goes without"};
}

}  // namespace

std::vector<ConfigFile> config_files(const char* const* environment) {
    if (const char* only = value_of(environment, "CAISSON_CONFIG")) {
        if (!*only) return {};
        return {{only, false, true}};
    }
    std::vector<ConfigFile> files = {{system_file, false, false}};
    const char* directory = value_of(environment, "XDG_CONFIG_HOME");
    const char* home = value_of(environment, "HOME");
    // A relative path is to be ignored (XDG base directory specification).
    if (directory && *directory == '/') {
        files.push_back({std::string(directory) + "/caisson/config.toml", true, false});
    } else if (home && *home == '/') {
        files.push_back({std::string(home) + "/.config/caisson/config.toml", true, false});
    }
    return files;
}

bool has_config(const char* const* environment) {
    for (const ConfigFile& file : config_files(environment)) {
        if (file.must_exist || Fd(::open(file.path.c_str(), O_PATH | O_CLOEXEC))) return true;
    }
    return false;
}

Result<Settings> read_settings(const ConfigFile& file) {
    const Fd fd(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) {
        const bool absent = errno == ENOENT || errno == ENOTDIR;
        // Behind a directory that this user may not enter there is nothing of this user's.
        if (!file.must_exist && (absent || (file.is_users && errno == EACCES))) return Settings{};
        return Error{"config", "open", file.path, errno, {}, {}};
    }
    if (file.is_users) TRY(check_owner(fd, file.path));
    return parse_settings(TRY(file::read(fd, file.path, "config")), file.path);
}

Result<void> apply_config(const char* const* environment, RunRequest& request) {
    if (request.no_config) return {};
    Settings settings;
    for (const ConfigFile& file : config_files(environment)) {
        for (Setting& one : TRY(read_settings(file)))
            settings.push_back(std::move(one));
    }
    if (settings.empty()) return {};
    return apply_settings(settings, environment, request);
}

}  // namespace caisson::cli
