// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "cli/docs.h"

namespace caisson::cli {
namespace {

constexpr const char* head = R"zsh(#compdef caisson ch-run
# Completion of caisson for zsh, made by `caisson docs zsh`. SPDX-License-Identifier: Apache-2.0

# Programs of the image by name.
_caisson_programs() {
    local image=${${(Q)line[1]}%/} dir
    local -a names
    for dir in {/usr/local,/usr,}/{sbin,bin}; do
        names+=($image$dir/*(N:t))
    done
    _alternative "programs:program in the image:(${(j: :)${(uq)names}})" 'paths:path in the image:_files'
}

# SRC:DST: each of the two is a path.
_caisson_bind() {
    compset -P '*:'
    _files
}

# Images by name, and directories.
_caisson_images() {
    local -a names=(${(f)"$(caisson image list 2>/dev/null)"})
    (( $#names )) && compadd -- $names
    _directories
}

_caisson_commands() {
    local -a commands=(
)zsh";

constexpr const char* middle = R"zsh(    )
    _describe -t commands command commands
}

_caisson_run() {
    local line dashes=${words[(i)--]}
    if (( dashes < CURRENT )); then
        words[dashes]=()
        (( CURRENT-- ))
    fi
    # -A: options end at the image.
    _arguments -s -A '-*' \
        '(- *)'{-h,--help}'[print the options]' \
)zsh";

constexpr const char* tail = R"zsh(        '1:image:_caisson_images' \
        '2: :_caisson_programs' \
        '*:argument:_files'
}

)zsh";

// Behind the image too, up to --, there may be options: no -A.
constexpr const char* ch_run_head = R"zsh(_caisson_ch_run() {
    local line
    _arguments -s \
)zsh";

constexpr const char* entry = R"zsh(_caisson() {
    if [[ $service == ch-run ]]; then
        _caisson_ch_run
        return
    fi
    local curcontext=$curcontext state line
    _arguments -C '(- *)--help[list the commands]' '(- *)--version[print the version]' \
        '1: :_caisson_commands' '*:: :->rest' && return
    case $words[1] in
        run) _caisson_run ;;
        ch-run) _caisson_ch_run ;;
        enter) _caisson_with_table enter ;;
        plan)
            if (( CURRENT == 2 )); then
                compadd run ch-run
            else
                shift words
                (( CURRENT-- ))
                if [[ $words[1] == ch-run ]]; then _caisson_ch_run; else _caisson_run; fi
            fi
            ;;
)zsh";

constexpr const char* last = R"zsh(    esac
}

if [ "$funcstack[1]" = _caisson ]; then _caisson "$@"; else compdef _caisson caisson ch-run; fi
)zsh";

std::string action_of(const OptionHelp& row) {
    switch (row.completes) {
        case Completes::file:
            return std::string_view(row.name) == "bind" ? "_caisson_bind" : "_files";
        case Completes::directory:
            return "_directories";
        case Completes::words:
            break;
        case Completes::nothing:
            return " ";
    }
    std::string words;
    for (const std::string& word : words_of(row))
        words += (words.empty() ? "" : " ") + word;
    return takes_list(row) ? "_values -s , value " + words : "(" + words + ")";
}

// A value's name, which must not end the part of the specification that it stands in.
std::string value_name(const OptionHelp& row) {
    std::string out;
    for (const char c : std::string_view(row.value)) {
        if (c == ':') out += '\\';
        out += c;
    }
    return out;
}

// One line for _arguments. Every option may come again: the later one wins, or both count.
std::string option_line(const OptionHelp& row) {
    std::string value;
    const char* glued = row.takes == Takes::nothing ? "" : row.takes == Takes::value ? "=" : "=-";
    if (row.takes == Takes::value) value = ":" + value_name(row) + ":" + action_of(row);
    if (row.takes == Takes::maybe_value) value = "::" + value_name(row) + ":" + action_of(row);
    const std::string described = "[" + summary_of(row) + "]" + value + "'";
    std::string out;
    if (row.letter) {
        const char* letter_glued = row.takes == Takes::nothing ? ""
                                   : row.takes == Takes::value ? "+"
                                                               : "-";
        out += std::string("        '*-") + row.letter + letter_glued + described + " \\\n";
    }
    return out + "        '*--" + row.name + glued + described + " \\\n";
}

// What comes after the words of each command that has a table.
std::string other_tables() {
    std::string out =
        "_caisson_with_table() {\n    local command=${1:-\"$words[1] $words[2]\"}\n"
        "    if (( ! $# )); then\n        shift words\n        (( CURRENT-- ))\n    fi\n"
        "    case $command in\n";
    for (const CommandTable& command : command_tables()) {
        out += "        '" + command.words + "') _arguments -s \\\n";
        for (const OptionHelp& row : command.options)
            out += option_line(row);
        out += command.operands == Operands::files ? "        '*:file:_files' ;;\n"
               : command.operands == Operands::command
                   ? "        '(-)1:command:_command_names' '*:argument:_files' ;;\n"
                   : "        '*: : ' ;;\n";
    }
    return out + "    esac\n}\n\n";
}

}  // namespace

std::string zsh_completion() {
    std::string out = head;
    for (const CommandWords& command : command_words()) {
        out += std::string("        '") + command.name + ":" + command.help + "'\n";
    }
    out += middle;
    for (const auto& row : described(run_options()))
        out += option_line(row);
    out += tail + std::string(ch_run_head);
    for (const auto& row : described(ch_run_options()))
        out += option_line(row);
    out += tail + other_tables() + entry;
    for (const CommandWords& command : command_words()) {
        const std::string_view name = command.name;
        if (!*command.words || name == "plan") continue;
        out += "        " + std::string(name) + ")\n            if (( CURRENT == 2 )); then\n" +
               "                compadd -- " + command.words + "\n            else\n" +
               "                _caisson_with_table\n            fi\n            ;;\n";
    }
    return out + last;
}

}  // namespace caisson::cli
