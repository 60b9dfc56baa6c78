// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/option_table.h"

namespace caisson::cli {

// The options of `caisson run`, from their table, on standard output.
int print_run_help();

// What --help, the manual and the completions say about one option: all of a row but what it does,
// so that it is anybody's.
struct OptionHelp {
    const char* name;
    char letter;
    Takes takes;
    const char* value;
    const char* group;
    const char* help;
    Completes completes;
    const char* words;
};

template <typename Request>
std::vector<OptionHelp> described(std::span<const Option<Request>> table) {
    std::vector<OptionHelp> options;
    for (const auto& row : table) {
        options.push_back({row.name, row.letter, row.takes, row.value, row.group, row.help,
                           row.completes, row.words});
    }
    return options;
}

// The options, each under its group's heading, as lines of a terminal's width.
std::string options_help(const std::vector<OptionHelp>& options);

template <typename Request>
std::string options_help(std::span<const Option<Request>> table) {
    return options_help(described(table));
}

// Text from `column` on, broken between words so that no line is wider than a terminal, with a
// newline at the end. `out` stands at the column already.
void append_wrapped(std::string& out, std::string_view text, size_t column);

// All of `text` on standard output; 125 where it can't be written, as the exit status.
int print_out(const std::string& text);

}  // namespace caisson::cli
