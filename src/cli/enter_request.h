// SPDX-License-Identifier: Apache-2.0
//
// What `caisson enter` was asked for, as far as the command line says it.
#pragma once

#include "caisson/enter.h"
#include "cli/option_table.h"
#include "cli/run_request.h"

namespace caisson::cli {

// What it has in common with `caisson run` is there, and so are the functions that set it.
struct EnterRequest : RunRequest {
    EnterMode mode = EnterMode::namespaces;
    bool read_only = false;
    bool noexec = false;
    bool inside = false;  // the command is looked up in the directory
    std::optional<std::vector<uint32_t>> groups;
    std::optional<CallRefusal> refusal;
};

// enter_options.cc
std::span<const Option<EnterRequest>> enter_options();

}  // namespace caisson::cli
