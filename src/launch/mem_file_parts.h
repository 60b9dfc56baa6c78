// SPDX-License-Identifier: Apache-2.0
//
// What the two halves of memory files share.
#pragma once

#include <sys/stat.h>

#include <string>

#include "caisson/mem_file.h"

namespace caisson::mem_file {

// With the hint for it.
Error error(const char* operation, const std::string& subject, int errno_value);

Result<struct stat> status_of(int fd, const std::string& name);
Result<Seals> seals_of(int fd, const std::string& name);
Result<Fd> reopen_read_only(int fd, const std::string& name);

}  // namespace caisson::mem_file
