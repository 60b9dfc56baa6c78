// SPDX-License-Identifier: Apache-2.0
//
// What a site and a user have set once instead of on every command line: /etc/caisson/config.toml
// and the user's own file after it. All that a file can say, options can say as well.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "caisson/error.h"
#include "caisson/host.h"
#include "caisson/spec.h"

namespace caisson::cli {

struct RunRequest;

// One value with the place that it comes from. An array is a setting for each of its items.
struct Setting {
    std::string key;    // as it is written: "bind", "hooks.host"
    std::string value;  // of a hook: its program
    Hook hook;
    std::string file;
    unsigned line = 0;
};
using Settings = std::vector<Setting>;

// config_file.cc: the settings of a file's content. Errors name FILE:LINE.
Result<Settings> parse_settings(std::string_view content, const std::string& file);

// A file that settings are read from, whether it is there or not.
struct ConfigFile {
    std::string path;
    bool is_users = false;  // which has to belong to the caller
    bool must_exist = false;
};
// In the order in which they are read. CAISSON_CONFIG names one to be read instead of all others,
// or with an empty value none.
std::vector<ConfigFile> config_files(const char* const* environment);
// The file's settings; none where there is no such file.
Result<Settings> read_settings(const ConfigFile& file);

// Below what the command line says: binds come before its own, variables are set before its own.
Result<void> apply_settings(const Settings& settings, const char* const* environment,
                            RunRequest& request);
// Whether there is any file to be read.
bool has_config(const char* const* environment);
// The settings of all files, applied; unless the request says that there are none.
Result<void> apply_config(const char* const* environment, RunRequest& request);

}  // namespace caisson::cli
