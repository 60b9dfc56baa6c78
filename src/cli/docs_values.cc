// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "cli/docs.h"

namespace caisson::cli {
namespace {

constexpr CommandWords commands[] = {
    {"run", "run a command in an image", ""},
    {"plan", "print what a command would do", "run"},
    {"doctor", "check what this host allows", "--json --help"},
    {"docs", "print the manual page or a completion", "man bash zsh fish"},
    {"version", "print the version", ""},
    {"help", "list the commands", ""},
};

}  // namespace

std::span<const CommandWords> command_words() {
    return commands;
}

std::vector<std::string> words_of(const Option<RunRequest>& row) {
    if (row.completes != Completes::words || !row.words) return {};
    return text::split(row.words, ' ');
}

bool takes_list(const Option<RunRequest>& row) {
    const std::string_view value = row.value ? row.value : "";
    return value == "LIST" || value.ends_with(",…");
}

std::string summary_of(const Option<RunRequest>& row) {
    std::string_view help = row.help;
    help = help.substr(0, std::min(help.find(". "), help.find("; ")));
    if (help.ends_with('.')) help.remove_suffix(1);
    std::string out;
    for (const char c : help) {
        if (c == '\'')
            out += "’";
        else if (c == ':')
            out += ',';
        else if (!std::string_view("\"`[]\\$").contains(c))
            out += c;
    }
    return out;
}

}  // namespace caisson::cli
