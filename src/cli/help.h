// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace caisson::cli {

// The options of `caisson run`, from their table, on standard output.
int print_run_help();

}  // namespace caisson::cli
