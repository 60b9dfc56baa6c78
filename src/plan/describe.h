// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "caisson/plan.h"

namespace caisson::plan {

// One step as one line, in the words that `--explain` prints.
std::string describe(const Step& step, const Program* program);

// "user mount pid", for CLONE_NEW* flags.
std::string namespace_names(uint64_t flags);

}  // namespace caisson::plan
