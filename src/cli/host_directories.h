// SPDX-License-Identifier: Apache-2.0
//
// Directories of the caller's that the guest gets, as the caller's environment names them.
#pragma once

#include "cli/run_request.h"

namespace caisson::cli {

// TMPDIR's directory becomes the guest's /tmp, unless that is private; with --home, HOME's becomes
// /home/USER, in a tree that can be written to. To be called before the guest's other mounts are
// added: a bind of the user's own may lie in the home.
Result<void> add_host_directories(RunRequest& request, const char* const* environment,
                                  const Host& host);

}  // namespace caisson::cli
