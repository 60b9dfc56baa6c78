// SPDX-License-Identifier: Apache-2.0
//
// From a request to what the library takes.
#pragma once

#include "cli/run_request.h"

namespace caisson::cli {

struct Wanted {
    Spec spec;
    Program program;
};

Result<Wanted> wanted_by(RunRequest request, const Host& host, const char* const* environment);

}  // namespace caisson::cli
