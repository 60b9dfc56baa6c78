// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "cli/docs.h"

namespace caisson::cli {
namespace {

constexpr const char* head =
    R"fish(# Completion of caisson for fish, made by `caisson docs fish`. SPDX-License-Identifier: Apache-2.0

# Which options take the next word as theirs, and what stands on the line after the command.
function __caisson_operands
    set -l words (commandline -opc)
    set -e words[1]
    test "$words[1]" = plan; and set -e words[1]
    test "$words[1]" = run; or return 1
    set -e words[1]
    while set -q words[1]
        switch $words[1]
            case --
                set -e words[1]
                break
            case $__caisson_takes_next
                set -e words[1]
                set -q words[1]; or return 0
            case '-?*'
            case '*'
                break
        end
        set -e words[1]
    end
    set -q words[1]; and printf '%s\n' $words
    true
end

function __caisson_wants_option_or_image
    set -l operands (__caisson_operands); or return 1
    test (count $operands) = 0
end

function __caisson_wants_program
    set -l operands (__caisson_operands); or return 1
    test (count $operands) = 1; or test (count $operands) = 2 -a "$operands[2]" = --
end

function __caisson_wants_argument
    set -l operands (__caisson_operands); or return 1
    __caisson_wants_program; and return 1
    test (count $operands) -ge 2
end

# Options of ch-run count behind the image too, up to --.
function __caisson_before_dashes
    not contains -- -- (commandline -opc)
end

# Images by name, and directories.
function __caisson_images
    command -q caisson; and caisson image list 2>/dev/null
    __fish_complete_directories
end

# Programs of the image by name.
function __caisson_programs
    set -l image (string trim --right --chars=/ -- (__caisson_operands)[1])
    for dir in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin
        test -d $image$dir; and ls $image$dir
    end | sort -u
end

# Words joined by commas: what stands before the last comma stays.
function __caisson_list
    set -l before (string match --regex -- '^(?:--[a-z-]+=)?(.*,)?' (commandline -ct))[2]
    for word in $argv
        echo $before$word
    end
end

# Whether the line begins with these words.
function __caisson_is
    set -l words (commandline -opc)
    set -e words[1]
    set -l length (count $argv)
    test "$words[1..$length]" = "$argv"
end

complete -c caisson -f
)fish";

constexpr const char* operands = R"fish(
complete -c caisson -n __caisson_wants_option_or_image -a '(__caisson_images)' -d Image
complete -c caisson -n __caisson_wants_program -a '(__caisson_programs)' -d Program
complete -c caisson -n __caisson_wants_argument -F
complete -c ch-run -a '(__caisson_images)' -d Image
)fish";

std::string complete_command(const CommandWords& command) {
    std::string out = std::string("complete -c caisson -n __fish_use_subcommand -a ") +
                      command.name + " -d '" + command.help + "'\n";
    if (!*command.words) return out;
    return out + "complete -c caisson -n 'test (count (commandline -opc)) = 2; and " +
           "__fish_seen_subcommand_from " + command.name + "' -a '" + command.words + "'\n";
}

std::string value_of(const OptionHelp& row) {
    if (row.takes == Takes::nothing) return {};
    // -r: the value may be the next word; without it only --name=value completes.
    const std::string required = row.takes == Takes::value ? " -r" : "";
    switch (row.completes) {
        case Completes::file:
            return required + " -F";
        case Completes::directory:
            return required + " -f -a '(__fish_complete_directories)'";
        case Completes::words:
            break;
        case Completes::nothing:
            return required + " -f";
    }
    const std::string words = text::join(words_of(row), " ");
    return required + " -f -a '" + (takes_list(row) ? "(__caisson_list " + words + ")" : words) +
           "'";
}

std::string complete_option(const OptionHelp& row, const std::string& condition,
                            const std::string& command = "caisson") {
    std::string out = "complete -c " + command + " -n " + condition + " -l ";
    out += row.name;
    if (row.letter) out += std::string(" -s '") + row.letter + "'";
    return out + value_of(row) + " -d '" + summary_of(row) + "'\n";
}

std::string other_tables() {
    std::string out;
    for (const CommandTable& command : command_tables()) {
        const std::string condition = "'__caisson_is " + command.words + "'";
        for (const OptionHelp& row : command.options)
            out += complete_option(row, condition);
        if (command.operands == Operands::files)
            out += "complete -c caisson -n " + condition + " -F\n";
        if (command.operands == Operands::command)
            out += "complete -c caisson -n " + condition + " -a '(__fish_complete_command)' -F\n";
    }
    return out;
}

}  // namespace

std::string fish_completion() {
    std::string takes_next;
    std::string options;
    for (const auto& row : described(run_options())) {
        options += complete_option(row, "__caisson_wants_option_or_image");
        if (row.takes != Takes::value) continue;
        takes_next += std::string(" --") + row.name;
        if (row.letter) takes_next += std::string(" -") + row.letter;
    }
    std::string out = head;
    for (const CommandWords& command : command_words())
        out += complete_command(command);
    for (const auto& row : described(ch_run_options()))
        options += complete_option(row, "__caisson_before_dashes", "ch-run");
    return out + "\nset -g __caisson_takes_next" + takes_next + "\n" + options + operands +
           other_tables();
}

}  // namespace caisson::cli
