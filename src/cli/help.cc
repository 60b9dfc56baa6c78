// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include <stdio.h>
#include <string.h>

namespace caisson::cli {
namespace {

constexpr size_t column = 30;
constexpr size_t width = 80;

std::string spelled(const OptionHelp& row) {
    std::string out = row.letter ? std::string("  -") + row.letter + ", " : "      ";
    out += std::string("--") + row.name;
    if (row.takes == Takes::value) out += std::string(" ") + row.value;
    if (row.takes == Takes::maybe_value) out += std::string("[=") + row.value + "]";
    return out;
}

}  // namespace

void append_wrapped(std::string& out, std::string_view text, size_t column) {
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

std::string options_help(const std::vector<OptionHelp>& options) {
    std::string out;
    const char* group = "";
    for (const OptionHelp& row : options) {
        if (strcmp(group, row.group) != 0) out += std::string("\n") + row.group + "\n";
        group = row.group;
        std::string left = spelled(row);
        if (left.size() + 2 > column)
            left += "\n" + std::string(column, ' ');
        else
            left.append(column - left.size(), ' ');
        out += left;
        append_wrapped(out, row.help, column);
    }
    return out;
}

int print_out(const std::string& text) {
    return fputs(text.c_str(), stdout) < 0 || fflush(stdout) != 0 ? 125 : 0;
}

int print_run_help() {
    return print_out(
        "usage: caisson run [OPTION…] IMAGE [--] [COMMAND [ARG…]]\n\n"
        "Runs COMMAND, or a shell, in IMAGE: a directory with a root file system; / is one.\n"
        "The image is read-only unless one of -w and -W is given. Options end at IMAGE.\n" +
        options_help(run_options()) +
        "\nExit status: the command's; 128+N if signal N ended it; 124 timed out, 125 the sandbox\n"
        "could not be made, 126 the command can't be executed, 127 it was not found.\n"
        "The whole manual page: caisson docs man | man -l -\n");
}

}  // namespace caisson::cli
