// SPDX-License-Identifier: Apache-2.0
//
// Runs that come to their end before libc's start (entry-x86_64.cc). Each function here returns
// nothing where that is not far enough; no more has been done then than asked and looked, and
// libc's start may do it all once more.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "cli/option_table.h"
#include "cli/run_request.h"

namespace caisson::cli {

// run_main() and ch_run_main() before libc's start: the exit status.
std::optional<int> run_before_libc(int argc, char** argv);
std::optional<int> ch_run_before_libc(int argc, char** argv);

// What remains once the command line has been read. An Error: the program could not be become.
std::optional<Error> become_before_libc(RunRequest request);

// A table of options in which only those named do what they do; the rest are Errors. They keep
// their rows, or an abbreviation would mean something else.
template <typename Request, size_t count>
constexpr auto with_only(std::span<const std::string_view> names,
                         const Option<Request> (&table)[count]) {
    std::array<Option<Request>, count> rows = std::to_array(table);
    for (auto& row : rows) {
        if (std::ranges::find(names, std::string_view(row.name)) != names.end()) continue;
        row.apply = [](Request&, const char*) -> Result<void> { return Error{}; };
    }
    return rows;
}

}  // namespace caisson::cli
