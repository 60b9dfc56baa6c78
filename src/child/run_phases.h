// SPDX-License-Identifier: Apache-2.0
//
// The child's half of a start.
#pragma once

#include "child/start.h"

namespace caisson::child {

// Where in the plan to go on.
struct Position {
    size_t phase = 0;
    size_t step = 0;
};

// Carries out the phases from `from` on and execs. Returns only on failure, with the failure in
// the record.
void run_phases_and_exec(Progress& progress, Position from);

// For a process that goes on living: carries out the phases, gives the parent a last turn and ends
// its own. False: the failure is in the record, and the process has to end.
bool run_phases_and_stay(Progress& progress);

// The entry of a process that launch() made: everything from its first instruction to exec.
[[noreturn]] void run_child(const Start& start);

// init.cc: starts the process that goes on at `from`, and stays as process 1 until it ended.
// Returns in that other process alone, where Start::fork made it.
void run_init(Progress& progress, Position from);

}  // namespace caisson::child
