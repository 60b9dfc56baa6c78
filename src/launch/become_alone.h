// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "caisson/launch.h"

namespace caisson {

// become() for a plan whose phases are all the child's: nobody is forked to attend.
Error become_alone(const Plan& plan, const Program& program);

}  // namespace caisson
