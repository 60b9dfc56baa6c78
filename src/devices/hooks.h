// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "caisson/devices.h"

namespace caisson::devices {

// What the hook would do to the container, as edits; a warning where nobody here knows. Not empty:
// what is wrong with its arguments.
std::string translate_hook(const std::string& path, const std::vector<std::string>& arguments,
                           DeviceEdits& edits);

}  // namespace caisson::devices
