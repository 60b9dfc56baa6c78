// SPDX-License-Identifier: Apache-2.0
//
// What `ch-run` was asked for: a RunRequest, and what only this door has.
#pragma once

#include <string>

#include "cli/ch_run_log.h"
#include "cli/option_table.h"
#include "cli/run_request.h"

namespace caisson::cli {

struct ChRunRequest {
    // What is printed in place of running anything.
    enum class Answer { none, help, usage, version, feature, log, log_fail, warnings };

    RunRequest run;
    Answer answer = Answer::none;  // options after the one that asks for it are not looked at
    std::string feature;
    int warnings = 0;

    int verbose = 0;
    int quiet = 0;
    ChRunLog log;
    std::string mount_point;  // of a SquashFS image
    bool abort_on_fatal = false;
};

// The phase of an Error that getopt_long(3) has told already.
constexpr const char* told_by_getopt = "usage";

// Of ch-run, argv[0] being its name. Options are permuted: they count up to `--`, behind the image
// too, unless POSIXLY_CORRECT is set.
Result<void> parse_ch_run(int argc, char** argv, ChRunRequest& request);
// The same, but that a mistake is not told, nor an option served that needs libc's start: errors.
Result<void> parse_ch_run_before_libc(int argc, char** argv, ChRunRequest& request);

}  // namespace caisson::cli
