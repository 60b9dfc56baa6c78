// SPDX-License-Identifier: Apache-2.0
//
// What `caisson run` was asked for, as far as the command line says it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "caisson/image.h"
#include "caisson/spec.h"
#include "cli/option_table.h"
#include "spec/environment.h"

namespace caisson::cli {

// Whose habits fill in what a command line leaves open.
enum class Habits {
    caisson,       // `caisson run`
    charliecloud,  // ch-run: a user namespace for root too, user 0 keeps what that gives it, …
};

// With whom the sandbox is shared.
struct JoinRequest {
    bool peers = false;  // --join, or what implies it
    std::optional<unsigned> count;
    std::string tag;  // empty: none
    std::optional<std::chrono::milliseconds> timeout;
    bool environment = false;
    std::optional<pid_t> pid;

    bool is_wanted() const { return peers || pid; }
};

struct RunRequest {
    Habits habits = Habits::caisson;
    std::string image;    // a path, or a name in `storage`
    std::string storage;  // where names are looked up; empty: default_storage()
    bool unsafe = false;  // ch-run: directories inside the storage directory, and writes to them
    std::vector<std::string> command;

    Spec spec;
    GuestFileSystem guest;
    bool home = false;        // --home: the caller's home directory at /home/USER
    std::string home_inside;  // which makes this the HOME
    std::string directory;    // empty: what --image-config says, or /
    EnvironmentChanges environment;
    // Takes from the image's own configuration what an option has asked for (image_config.h).
    Result<void> (*from_image)(RunRequest&, const Host&, const std::string& image) = nullptr;
    EnvironmentChanges image_environment;  // of the image's configuration, below all options
    bool no_config = false;
    Expansion expansion = Expansion::on;
    std::vector<std::string> devices;             // as find_devices() takes them
    std::vector<std::string> device_directories;  // empty: the specification's own
    // add_wanted_devices, where there are some: a run before libc's start must not lead there.
    Result<void> (*add_devices)(RunRequest& request, const Host& host) = nullptr;
    std::vector<std::string> warnings;  // to be printed before the start
    CapabilitySet add;
    CapabilitySet drop;
    bool ids_from_subids = false;

    JoinRequest join;

    int status_fd = -1;
    std::string trace_file;
    std::optional<std::chrono::nanoseconds> timeout;
    bool explain = false;
    bool help = false;
};

// Of `caisson run`, argv[0] being "run". The Error is one of usage.
Result<RunRequest> parse_run(int argc, char** argv,
                             std::span<const Option<RunRequest>> options = run_options());

}  // namespace caisson::cli
