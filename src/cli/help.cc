// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include <string>

#include "cli/option_table.h"

namespace caisson::cli {
namespace {

constexpr size_t column = 30;
constexpr size_t width = 80;

std::string spelled(const Option<RunRequest>& row) {
    std::string out = row.letter ? std::string("  -") + row.letter + ", " : "      ";
    out += std::string("--") + row.name;
    if (row.takes == Takes::value) out += std::string(" ") + row.value;
    if (row.takes == Takes::maybe_value) out += std::string("[=") + row.value + "]";
    return out;
}

// Help text in its column, broken between words.
void append_wrapped(std::string& out, std::string_view text) {
    size_t at = column;
    while (!text.empty()) {
        const size_t end = text.find(' ');
        const std::string_view word = text.substr(0, end);
        if (at + word.size() + 1 > width && at > column) {
            out += "\n" + std::string(column, ' ');
            at = column;
        } else if (at > column) {
            out += ' ';
            at++;
        }
        out += word;
        at += word.size();
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    out += '\n';
}

}  // namespace

int print_run_help() {
    std::string out =
        "usage: caisson run [OPTION…] IMAGE [--] [COMMAND [ARG…]]\n\n"
        "Runs COMMAND, or a shell, in IMAGE: a directory with a root file system; / is one.\n"
        "The image is read-only unless one of -w and -W is given.\n";
    const char* group = "";
    for (const auto& row : run_options()) {
        if (strcmp(group, row.group) != 0) out += std::string("\n") + row.group + "\n";
        group = row.group;
        std::string left = spelled(row);
        if (left.size() + 2 > column) left += "\n" + std::string(column, ' ');
        else left.append(column - left.size(), ' ');
        out += left;
        append_wrapped(out, row.help);
    }
    out +=
        "\nExit status: the command's; 128+N if signal N ended it; 124 timed out, 125 the sandbox\n"
        "could not be made, 126 the command can't be executed, 127 it was not found.\n";
    return fputs(out.c_str(), stdout) < 0 || fflush(stdout) != 0 ? 125 : 0;
}

}  // namespace caisson::cli
