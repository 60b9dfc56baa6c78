// SPDX-License-Identifier: Apache-2.0
//
// What --status-fd gets: one JSON object a line. Does nothing where the descriptor is -1.
#pragma once

#include <string>

#include "caisson/child.h"
#include "caisson/error.h"

namespace caisson::cli {

// That the program runs, and in which namespaces: examined before it does, sent once it does.
class StartedReport {
  public:
    explicit StartedReport(int fd) : fd_(fd) {}
    void examine(pid_t pid);
    Result<void> send() const;

  private:
    int fd_;
    std::string line_;
};

Result<void> report_exited(int fd, const Ending& ending, bool timed_out);
// Best effort: there is an Error to print already.
void report_failed(int fd, const Error& error);

}  // namespace caisson::cli
