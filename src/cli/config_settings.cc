// SPDX-License-Identifier: Apache-2.0
//
// What each key of a configuration file does: what the option of its name does.
#include "base/path.h"
#include "base/try.h"
#include "cli/config.h"
#include "cli/run_request.h"
#include "cli/run_values.h"

namespace caisson::cli {
namespace {

// A file's settings hold wherever the command is started.
Result<void> check_absolute(const Setting& setting) {
    const bool is_path =
        setting.key != "unset-env" && (setting.key != "set-env" || !setting.value.contains('='));
    if (!is_path || path::is_absolute(setting.value)) return {};
    return Error{{}, {}, {}, 0, "must be absolute", {}};
}

// The hook gets the caller's environment with its own on top.
Hook hook_of(const Setting& setting, const char* const* environment) {
    Environment whole(environment);
    for (const std::string& entry : setting.hook.environment) {
        const size_t equals = entry.find('=');
        whole.set(entry.substr(0, equals), entry.substr(equals + 1));
    }
    Hook hook = setting.hook;
    hook.environment = std::move(whole).take();
    return hook;
}

Result<void> apply(const Setting& setting, const char* const* environment, RunRequest& under) {
    TRY(check_absolute(setting));
    const char* value = setting.value.c_str();
    if (setting.key == "storage") return set(under.storage, setting.value);
    if (setting.key == "bind") return add_bind(under, value);
    if (setting.key == "set-env") return set_env(under, value, '\n');
    if (setting.key == "unset-env") return unset_env(under, value);
    for (const std::string& entry : setting.hook.environment)
        TRY(parse_assignment(entry, entry));
    Hooks& hooks = under.spec.hooks;
    auto& list = setting.key == "hooks.host"    ? hooks.host
                 : setting.key == "hooks.guest" ? hooks.guest
                                                : hooks.peer;
    list.push_back(hook_of(setting, environment));
    return {};
}

template <typename T>
void put_before(std::vector<T>& list, std::vector<T> first) {
    for (T& one : list)
        first.push_back(std::move(one));
    list = std::move(first);
}

}  // namespace

Result<void> apply_settings(const Settings& settings, const char* const* environment,
                            RunRequest& request) {
    RunRequest under;
    for (const Setting& setting : settings) {
        Result<void> applied = apply(setting, environment, under);
        if (applied) continue;
        Error error = std::move(applied).error();
        const std::string place = setting.file + ":" + std::to_string(setting.line);
        return Error{"config",          place,        setting.key + " = " + setting.value,
                     error.errno_value, error.reason, error.hint};
    }
    // The variable is nearer to a command line than a file is.
    Environment whole(environment);
    if (request.storage.empty() && whole.get("CH_IMAGE_STORAGE").empty()) {
        request.storage = under.storage;
    }
    put_before(request.spec.mounts, std::move(under.spec.mounts));
    put_before(request.environment, std::move(under.environment));
    put_before(request.spec.hooks.host, std::move(under.spec.hooks.host));
    put_before(request.spec.hooks.guest, std::move(under.spec.hooks.guest));
    put_before(request.spec.hooks.peer, std::move(under.spec.hooks.peer));
    return {};
}

}  // namespace caisson::cli
