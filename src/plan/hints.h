// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace caisson::plan {

// What a person can do about a failure, by where and how it failed; empty where nothing is known.
std::string_view hint_for(std::string_view phase, std::string_view operation, int errno_value);

}  // namespace caisson::plan
