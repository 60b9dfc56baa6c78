// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "caisson/error.h"

namespace caisson {

// Runs `body` in a copy of this process that is nobody's child here: forked twice over, so that a
// program that this process becomes inherits no child. The copy exits when `body` returns.
Result<void> start_detached(const char* name, const std::function<void()>& body);

}  // namespace caisson
