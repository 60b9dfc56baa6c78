// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "caisson/launch.h"
#include "child/record.h"

namespace caisson {

// become() for a plan whose phases are all the child's: nobody is forked to attend.
Error become_alone(const Plan& plan, const Program& program);

// Its two parts, for become() with an attendant.
Result<void> check_can_become(const Plan& plan, const Program& program);
// The phases and exec; what comes back is why not.
Error become_here(const Plan& plan, const Program& program, child::Record& record);

}  // namespace caisson
