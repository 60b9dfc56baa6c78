// SPDX-License-Identifier: Apache-2.0
//
// The parent's half of a start: waits while it is the child's turn and carries out the plan's
// parent phases when the baton comes. Runs outside the sandbox, in the process that launched or,
// for become(), in an attendant that ends with the start.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include "caisson/launch.h"
#include "child/record.h"

namespace caisson {

// Returns once the child has execed or ended: look at the record for which. An Error is a parent
// phase's own; the child is still there then, waiting for its turn.
Result<void> run_parent_half(const Plan& plan, child::Record& record, pid_t child,
                             const LaunchOptions& options);

// Lets the child go on. False: it is gone.
bool give_turn_back(child::Record& record);

// Leaves word of a failure for a child that has to tell it, or not to go on; it looks once it has
// its turn again.
void tell_child(child::Record& record, const Error& error);

// supervisor.cc: the signals that a Supervisor gets for the one inside.
sigset_t passed_on_signals();

// id_maps.cc: writes uid_map and gid_map of another process.
Result<void> write_id_maps(const step::WriteIdMaps& step, pid_t child);

}  // namespace caisson
