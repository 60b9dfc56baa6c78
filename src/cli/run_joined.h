// SPDX-License-Identifier: Apache-2.0
//
// A run that shares its sandbox with others, or enters one: JoinRequest, for every door.
#pragma once

#include <memory>

#include "caisson/host.h"
#include "caisson/join.h"
#include "caisson/plan.h"
#include "cli/run_request.h"
#include "cli/run_spec.h"

namespace caisson::cli {

// What came of it; must live until the start.
struct Joined {
    std::optional<Meeting> meeting;
    std::optional<ProcessSandbox> process;

    bool is_first() const { return meeting && meeting->is_first(); }
};

// The peers by the options and the launcher's variables.
Result<Peers> peers_of(const JoinRequest& request);
// Comes to their meeting, or finds the process. `missing` is told, in a process of its own, who
// has not come in time.
Result<Joined> join(const JoinRequest& request, const Peers& peers,
                    std::function<void(const Error&)> missing);
// Changes what is wanted into what the first one has to offer, or what another may choose.
void fit_in(Wanted& wanted, const Joined& joined, const JoinRequest& request);
// The first one lets the others in from now on. The last thing before the start, and nothing for
// the others.
Result<void> let_in(Joined& joined, const Wanted& wanted, const Host& host);
// Both plans as text, since who is the first shows only when it is tried; or that for a process.
Result<std::string> joined_plans(Wanted wanted, const JoinRequest& request, const Host& host);

// run.cc: `caisson run` from where the plan is made.
Result<int> start_run(const RunRequest& request, const Wanted& wanted, const Plan& plan,
                      std::unique_ptr<const Host> host);

}  // namespace caisson::cli
