// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "caisson/launch.h"

namespace caisson::cli {

// Options that have the phases' times written into `path` as Chrome trace JSON, which Perfetto
// opens. The file is opened now, while its path still means the host's.
Result<LaunchOptions> trace_into(const std::string& path);

}  // namespace caisson::cli
