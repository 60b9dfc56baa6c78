// SPDX-License-Identifier: Apache-2.0
//
// What --status-fd gets: one JSON object a line. Does nothing where the descriptor is -1.
#pragma once

#include "caisson/child.h"
#include "caisson/error.h"

namespace caisson::cli {

Result<void> report_started(int fd, pid_t pid);
Result<void> report_exited(int fd, const Ending& ending, bool timed_out);
// Best effort: there is an Error to print already.
void report_failed(int fd, const Error& error);

}  // namespace caisson::cli
