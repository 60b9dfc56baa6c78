// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "caisson/launch.h"

namespace caisson::cli {

struct Supervision {
    std::optional<std::chrono::nanoseconds> timeout;
    int status_fd = -1;
    std::vector<int> kept;     // the program's descriptors, of which we keep none
    bool own_session = false;  // the terminal's signals reach us alone
};

// Launches, forwards signals and waits; the exit status is the program's, or 124 for one that was
// ended by the timeout.
Result<int> supervise(const Plan& plan, const Program& program, const LaunchOptions& options,
                      const Supervision& supervision);

}  // namespace caisson::cli
