// SPDX-License-Identifier: Apache-2.0
//
// --device, --devices and --cdi-dirs.
#include "base/text.h"
#include "base/try.h"
#include "caisson/devices.h"
#include "cli/run_values.h"

namespace caisson::cli {
namespace {

using Kind = EnvironmentChange::Kind;

// Stands among the changes of the environment for the variables of the next device. No change of
// this kind is without a name otherwise.
EnvironmentChange variables_of_next_device() {
    return {Kind::set_as_it_is, {}, {}};
}
bool is_place_of_device(const EnvironmentChange& change) {
    return change.kind == Kind::set_as_it_is && change.name.empty();
}

EnvironmentChange change_of(const std::string& variable) {
    const size_t equals = variable.find('=');
    return {Kind::set_as_it_is, variable.substr(0, equals), variable.substr(equals + 1)};
}

void add_variables(EnvironmentChanges& changes, const std::vector<DeviceEdits>& devices) {
    EnvironmentChanges all;
    size_t next = 0;
    for (EnvironmentChange& change : changes) {
        if (!is_place_of_device(change)) {
            all.push_back(std::move(change));
            continue;
        }
        for (const std::string& variable : devices[next].environment)
            all.push_back(change_of(variable));
        next++;
    }
    changes = std::move(all);
}

Result<void> add_wanted_devices(RunRequest& request, const Host& host) {
    if (request.device_directories.empty()) {
        request.device_directories = text::split(default_device_directories, ':');
    }
    const auto edits = TRY(find_devices(request.devices, request.device_directories));
    TRY(add_devices(request.spec, edits, request.guest.dev, host));
    add_variables(request.environment, edits);
    for (const DeviceEdits& one : edits)
        request.warnings.insert(request.warnings.end(), one.warnings.begin(), one.warnings.end());
    return {};
}

}  // namespace

Result<void> add_device(RunRequest& request, const char* value) {
    if (!*value) return Error{{}, {}, {}, 0, "a device is a kind, KIND=NAME or a file", {}};
    request.devices.emplace_back(value);
    request.environment.push_back(variables_of_next_device());
    request.add_devices = add_wanted_devices;
    return set_writes(request, RootWrites::discarded, nullptr);
}

Result<void> set_device_directories(RunRequest& request, const char* value) {
    request.device_directories.clear();
    for (std::string& directory : text::split(value, ':')) {
        if (directory.empty()) return Error{{}, {}, {}, 0, "has an empty name of a directory", {}};
        request.device_directories.push_back(std::move(directory));
    }
    return {};
}

}  // namespace caisson::cli
