// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "cli/docs.h"
#include "cli/enter_request.h"
#include "cli/memfd.h"

namespace caisson::cli {
namespace {

constexpr CommandWords commands[] = {
    {"run", "run a command in an image", ""},
    {"plan", "print what a command would do", "run ch-run"},
    {"ch-run", "be ch-run of Charliecloud", ""},
    {"image", "list the images that are known by name", "list"},
    {"doctor", "check what this host allows", "--json --help"},
    {"enter", "lock a server into its directory", ""},
    {"memfd", "sealed memory files", "create seals run"},
    {"docs", "print a manual page or a completion",
     "man man-memfd man-ch-run man-enter man-config bash zsh fish"},
    {"config", "show or check configuration files", "show check --json --help"},
    {"version", "print the version", ""},
    {"help", "list the commands", ""},
};

}  // namespace

std::span<const CommandWords> command_words() {
    return commands;
}

std::vector<CommandTable> command_tables() {
    std::vector<CommandTable> tables = {{"enter", described(enter_options()), Operands::command}};
    for (const MemfdCommand& command : memfd_commands()) {
        const std::string_view name = command.name;
        tables.push_back({"memfd " + std::string(name), described(command.options),
                          name == "run"     ? Operands::command
                          : name == "seals" ? Operands::files
                                            : Operands::none});
    }
    tables.push_back({"image list", described(image_options()), Operands::none});
    return tables;
}

std::vector<std::string> words_of(const OptionHelp& row) {
    if (row.completes != Completes::words || !row.words) return {};
    return text::split(row.words, ' ');
}

bool takes_list(const OptionHelp& row) {
    const std::string_view value = row.value ? row.value : "";
    return value == "LIST" || value.ends_with(",…");
}

std::string summary_of(const OptionHelp& row) {
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
