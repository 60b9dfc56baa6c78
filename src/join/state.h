// SPDX-License-Identifier: Apache-2.0
//
// SandboxState as bytes, for a sealed memory file.
#pragma once

#include <string>
#include <string_view>

#include "caisson/join.h"

namespace caisson::join {

std::string to_bytes(const SandboxState& state);
// EBADMSG's words for whatever to_bytes() can't have written.
Result<SandboxState> from_bytes(std::string_view bytes);

}  // namespace caisson::join
