// SPDX-License-Identifier: Apache-2.0
//
// From the text of an option's value to the request. Each Error gives the reason only.
#pragma once

#include "cli/run_request.h"

namespace caisson::cli {

template <typename Field, typename Value>
Result<void> set(Field& field, Value value) {
    field = std::move(value);
    return {};
}

// Relative paths inside the image are relative to its root.
std::string inside_path(const std::string& path);

Result<void> set_writes(RunRequest& request, RootWrites writes, const char* size);
Result<void> set_dev(RunRequest& request, const char* value);

// An assignment, a file of the host's whose records end with `separator`, or none: the image's.
Result<void> set_env(RunRequest& request, const char* value, char separator);
Result<void> unset_env(RunRequest& request, const char* value);
Result<void> clear_env(RunRequest& request, const char* value);
Result<void> set_close_fds(RunRequest& request, const char* value);
Result<void> add_file_fd(RunRequest& request, const char* value);
Result<void> keep_fd(RunRequest& request, const char* value);
Result<void> add_rlimit(RunRequest& request, const char* value);

Result<void> set_id(std::optional<uint32_t>& field, const char* value);
Result<void> set_id_map(RunRequest& request, const char* value);
Result<void> add_capabilities(CapabilitySet& set, const char* value);
Result<void> set_seccomp(RunRequest& request, const char* value);

Result<void> set_private(RunRequest& request, const char* value);
Result<void> set_timeout(RunRequest& request, const char* value);
Result<void> set_status_fd(RunRequest& request, const char* value);

Result<void> join_count(RunRequest& request, const char* value);
Result<void> join_tag(RunRequest& request, const char* value);
Result<void> join_pid(RunRequest& request, const char* value);
Result<void> join_timeout(RunRequest& request, const char* value);
// What is left to say once all options are known.
Result<void> check_join(const JoinRequest& join);

// device_options.cc
Result<void> add_device(RunRequest& request, const char* value);
Result<void> set_device_directories(RunRequest& request, const char* value);

// mount_values.cc
Result<void> add_bind(RunRequest& request, const char* value);
Result<void> add_tmpfs(RunRequest& request, const char* value);
Result<void> add_mount(RunRequest& request, const char* value);
Result<void> set_overlay(RunRequest& request, const char* value);

}  // namespace caisson::cli
