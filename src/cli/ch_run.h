// SPDX-License-Identifier: Apache-2.0
//
// The door that goes by the name of Charliecloud's ch-run.
#pragma once

#include <string>

#include "caisson/error.h"
#include "cli/ch_run_request.h"

namespace caisson::cli {

// By the last part of the name that the command was called by.
bool is_ch_run(const char* name);

// Exit statuses of ch-run's own; all else is the command's.
constexpr int ch_run_failed = 31;
constexpr int ch_run_exec_failed = 49;
constexpr int ch_run_no_arguments = 1;

// What stands behind `ch-run[PID]: error: `, and how the program then ends.
std::string ch_run_text(const Error& error);
int ch_run_status(const Error& error);

// ch_run_answers.cc: what is printed in place of running anything; the exit status.
int ch_run_answer(ChRunRequest& request);
void print_ch_run_help();   // on standard error, for a call without arguments
void print_ch_run_usage();  // on standard error
void print_ch_run_see_help();

}  // namespace caisson::cli
