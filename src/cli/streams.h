// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace caisson::cli {

// A descriptor of ours under 0, 1 or 2 would be taken for the program's stream: /dev/null takes the
// places of those that are closed. False: it can't.
bool open_missing_streams();

}  // namespace caisson::cli
