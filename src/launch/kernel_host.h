// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "caisson/host.h"
#include "launch/accounts.h"

namespace caisson {

// this_host() with name services of the caller's choice, which have to outlive it.
std::unique_ptr<const Host> this_host(const NameServices& services);

}  // namespace caisson
