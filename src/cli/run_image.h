// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/run_request.h"

namespace caisson::cli {

// The root of the image that a request names, by path or by its name in storage.
Result<Root> root_of(const RunRequest& request, const Host& host, const char* const* environment);

}  // namespace caisson::cli
