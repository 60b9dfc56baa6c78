// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "caisson/error.h"

namespace caisson::cli {

struct ImageRequest {
    std::string storage;  // empty: default_storage()
    bool json = false;
    bool help = false;
};

// Of `caisson image VERB`, argv[0] being "image".
Result<void> parse_image(int argc, char** argv, ImageRequest& request);

}  // namespace caisson::cli
