// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/ch_run_request.h"

namespace caisson::cli {

// `--feature`: whether this host, now and for this user, has it. 0: it has. Otherwise 31, or 1 for
// overlayfs and tmpfs-xattrs, as ch-run has it.
int ch_run_feature(ChRunRequest& request);

}  // namespace caisson::cli
