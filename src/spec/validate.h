// SPDX-License-Identifier: Apache-2.0
//
// What is a legal wish, before any machine is asked: fields that contradict each other or would
// have no effect, and values that no kernel takes.
#pragma once

#include "caisson/error.h"
#include "caisson/spec.h"

namespace caisson {

Result<void> validate(const Spec& spec);

// Where a mount goes.
const std::string& destination_of(const Mount& mount);

}  // namespace caisson
