// SPDX-License-Identifier: Apache-2.0
//
// From a request to what the library takes.
#pragma once

#include "cli/run_request.h"

namespace caisson::cli {

struct Wanted {
    Spec spec;
    Program program;
    std::vector<std::string> warnings = {};  // what was asked for and is not done
};

Result<Wanted> wanted_by(RunRequest request, const Host& host, const char* const* environment);

// The ids of a request: its ranges, whether they take a user namespace, and whose groups they have.
Result<void> set_ids(RunRequest& request, const Host& host);

}  // namespace caisson::cli
