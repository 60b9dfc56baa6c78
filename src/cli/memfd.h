// SPDX-License-Identifier: Apache-2.0
//
// `caisson memfd`: memory files from a shell.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "caisson/mem_file.h"
#include "cli/option_table.h"

namespace caisson::cli {

struct MemfdRequest {
    std::vector<std::string> operands;
    std::optional<HugePages> huge_pages;
    Execution execution = Execution::as_system_says;
    std::string fill;  // a path, or "-" for standard input
    std::string name;
    bool print_path = false;
    bool json = false;
    bool help = false;
};

// One of `create`, `seals` and `run`. Its Errors are printed by memfd_main().
struct MemfdCommand {
    const char* name;
    const char* usage;
    const char* help;  // before the options, in lines of a terminal's width
    std::span<const Option<MemfdRequest>> options;
    // Whether options may stand behind operands; else the first operand ends them.
    enum class Options { anywhere, first } where;
    Result<int> (*run)(const MemfdRequest& request);  // the exit status
};
std::span<const MemfdCommand> memfd_commands();

Result<int> memfd_create(const MemfdRequest& request);
Result<int> memfd_seals(const MemfdRequest& request);
Result<int> memfd_run(const MemfdRequest& request);

// memfd_values.cc: what the operands and values mean. Errors give the reason only.
Result<uint64_t> size_of(const std::string& text);   // "4096", "64k", "2M", "1G"
Result<Seals> seals_of(const std::string& letters);  // "gswWSx"
Result<void> set_huge_pages(MemfdRequest& request, const char* value);

// Opens what `--fill` names.
Result<Fd> open_fill(const std::string& path);

}  // namespace caisson::cli
