// SPDX-License-Identifier: Apache-2.0
//
// The commands behind `caisson COMMAND`. Each takes its own name as argv[0] and returns the exit
// status.
#pragma once

#include "caisson/error.h"

namespace caisson::cli {

int run_main(int argc, char** argv);
int plan_main(int argc, char** argv);
int doctor_main(int argc, char** argv);
int enter_main(int argc, char** argv);
int memfd_main(int argc, char** argv);
int config_main(int argc, char** argv);
int docs_main(int argc, char** argv);
int image_main(int argc, char** argv);
int ch_run_main(int argc, char** argv);
int plan_ch_run_main(int argc, char** argv);

// "caisson: …" on standard error, in one write.
void print_error(const Error& error);

}  // namespace caisson::cli
