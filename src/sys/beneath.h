// SPDX-License-Identifier: Apache-2.0
//
// Look-ups with a directory as `/`: an image is never trusted, so neither `..` nor a symbolic link
// (nor a magic link of /proc) may lead out of it. Runs in the parent and in the child.
#pragma once

#include <sys/types.h>

namespace caisson::sys {

enum class Lookup { openat2, component_walk };

// Opens `path` beneath `root`, O_PATH added by default callers. Follows links inside, the last one
// included. -errno on failure.
int open_beneath(int root, const char* path, int flags, Lookup lookup);

}  // namespace caisson::sys
