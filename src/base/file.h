// SPDX-License-Identifier: Apache-2.0
//
// Small files, whole.
#pragma once

#include <string>

#include "caisson/error.h"
#include "caisson/fd.h"

namespace caisson::file {

// What is left to read of an open file.
Result<std::string> read(const Fd& fd, const std::string& path, const char* phase);
// The content of a file; errors name the phase that wanted it.
Result<std::string> read(const std::string& path, const char* phase);

}  // namespace caisson::file
