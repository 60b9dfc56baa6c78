// SPDX-License-Identifier: Apache-2.0
//
// What an image says about how it is to be run, where it carries that: an OCI image configuration
// at /ch/config.pulled.json in it, as ch-image(1) leaves it, or for the directory `rootfs` of an
// OCI bundle the config.json beside it, as umoci(1) and runtimes have it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "caisson/error.h"
#include "caisson/host.h"
#include "cli/run_request.h"

namespace caisson::cli {

struct ImageConfig {
    std::vector<std::string> environment;  // "NAME=value"
    std::vector<std::string> entrypoint;
    std::vector<std::string> command;  // after the entrypoint
    std::string directory;             // empty: it says nothing
    std::string user;                  // NAME|UID[:GROUP|GID]; empty likewise
};

// Of either format. `origin` is for Errors.
Result<ImageConfig> parse_image_config(std::string_view json, const std::string& origin);
// Of the image in a directory of the host's.
Result<ImageConfig> read_image_config(const Host& host, const std::string& image);

// Who a configuration's user is, by the image's own passwd(5) and group(5).
struct ImageUser {
    uint32_t uid = 0;
    uint32_t gid = 0;
    std::string home;  // empty: not in passwd
};
Result<ImageUser> find_image_user(const Host& host, const std::string& image,
                                  const std::string& user);

// --image-env and --image-config. What the command line says itself stays.
Result<void> apply_image_environment(RunRequest& request, const Host& host,
                                     const std::string& image);
Result<void> apply_image_config(RunRequest& request, const Host& host, const std::string& image);

}  // namespace caisson::cli
