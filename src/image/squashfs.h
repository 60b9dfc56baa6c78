// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace caisson {

// Whether a file begins as a SquashFS archive does.
bool is_squashfs(const std::string& path);

}  // namespace caisson
