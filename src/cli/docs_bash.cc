// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "cli/docs.h"

namespace caisson::cli {
namespace {

// Options for one arm of a case statement: "--bind|-b".
std::string pattern_of(const OptionHelp& row) {
    std::string out = std::string("--") + row.name;
    if (row.letter) out += std::string("|-") + row.letter;
    return out;
}

// How a value is completed. Options whose value is anybody's guess complete to nothing.
std::string action_of(const OptionHelp& row) {
    switch (row.completes) {
        case Completes::file:
            return "_caisson_files";
        case Completes::directory:
            return "_caisson_directories";
        case Completes::words:
            break;
        case Completes::nothing:
            return "true";
    }
    const char* function = takes_list(row) ? "_caisson_list" : "_caisson_words";
    return std::string(function) + " '" + text::join(words_of(row), " ") + "'";
}

// A door's table, by the door's name: what the options are called, what completes a value, and
// which options take the next word as theirs.
std::string table(const std::string& door, const std::vector<OptionHelp>& rows) {
    const std::string prefix = "_caisson_" + door;
    std::string names;
    std::string values;
    std::string separate;
    for (const OptionHelp& row : rows) {
        names += std::string(names.empty() ? "--" : " --") + row.name +
                 (row.takes == Takes::value ? "=" : "");
        if (row.takes == Takes::nothing) continue;
        values += "        " + pattern_of(row) + ") " + action_of(row) + " ;;\n";
        if (row.takes != Takes::value) continue;
        separate += (separate.empty() ? "" : "|") + pattern_of(row);
    }
    return prefix + "_options='" + names + "'\n\n" + prefix + "_value() {\n    case $1 in\n" +
           values + "    esac\n}\n\n" + prefix + "_takes_next() {\n    case $1 in\n        " +
           separate + ") return 0 ;;\n        *) return 1 ;;\n    esac\n}\n\n";
}

// For the other commands with options, by their words: what is offered, what completes a value, and
// which options take the next word.
std::string other_tables() {
    std::string offered;
    std::string values;
    std::string separate;
    for (const CommandTable& command : command_tables()) {
        std::string names;
        for (const OptionHelp& row : command.options) {
            names += std::string(names.empty() ? "" : " ") + "--" + row.name;
            if (row.takes == Takes::nothing) continue;
            std::string pattern = "'" + command.words + " --" + row.name + "'";
            if (row.letter) pattern += "|'" + command.words + " -" + row.letter + "'";
            values += "        " + pattern + ") " + action_of(row) + " ;;\n";
            if (row.takes == Takes::value) separate += (separate.empty() ? "" : "|") + pattern;
        }
        const char* operands = command.operands == Operands::files     ? "_caisson_files"
                               : command.operands == Operands::command ? "_caisson_command"
                                                                       : "true";
        offered +=
            "        '" + command.words + "') names='" + names + "' operands=" + operands + " ;;\n";
    }
    return "_caisson_table() {\n    case $1 in\n" + offered +
           "        *) return 1 ;;\n    esac\n}\n\n_caisson_table_value() {\n    case $1 in\n" +
           values + "    esac\n}\n\n_caisson_table_takes_next() {\n    case $1 in\n        " +
           separate + ") return 0 ;;\n        *) return 1 ;;\n    esac\n}\n\n";
}

std::string commands() {
    std::vector<std::string> names;
    std::string arms;
    for (const CommandWords& command : command_words()) {
        names.emplace_back(command.name);
        if (!*command.words) continue;
        arms += std::string("        ") + command.name + ") _caisson_words '" + command.words +
                "' ;;\n";
    }
    return "_caisson_commands='" + text::join(names, " ") + "'\n\n" +
           "_caisson_other() {\n    case $1 in\n" + arms + "    esac\n}\n\n";
}

constexpr const char* head =
    R"bash(# Completion of caisson for bash, made by `caisson docs bash`. SPDX-License-Identifier: Apache-2.0
# The functions fill COMPREPLY for $cur, which is the word as far as it is typed.

)bash";

constexpr const char* functions = R"bash(_caisson_words() {
    local IFS=$' \t\n'
    COMPREPLY=($(compgen -W "$1" -- "$cur"))
}

# Words joined by commas: what stands before the last comma stays.
_caisson_list() {
    local word before=''
    [[ $cur != *,* ]] || before=${cur%,*},
    COMPREPLY=()
    for word in $1; do
        [[ $before$word != "$cur"* ]] || COMPREPLY+=("$before$word")
    done
    compopt -o nospace 2>/dev/null
}

# SRC:DST: each of the two is a path.
_caisson_files() {
    local IFS=$'\n' before=''
    [[ $cur != *:* ]] || before=${cur%:*}:
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -P "$before" -f -- "${cur#"$before"}"))
}

_caisson_directories() {
    local IFS=$'\n'
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -d -- "$cur"))
}

# Programs by name, or by a path inside the image.
_caisson_program() {
    local IFS=$'\n' image=${1%/} dir
    if [[ $cur == */* ]]; then
        _caisson_inside "$image"
        return
    fi
    mapfile -t COMPREPLY < <(
        for dir in {/usr/local,/usr,}/{sbin,bin}; do
            [[ ! -d $image$dir ]] || (cd -- "$image$dir" && compgen -f -- "$cur")
        done | sort -u
    )
}

# Paths as the command will see them.
_caisson_inside() {
    local IFS=$'\n' image=${1%/} slash='' found
    [[ $cur == /* ]] || slash=/
    compopt -o filenames 2>/dev/null
    COMPREPLY=()
    while read -r found; do
        found=${found#"$image$slash"}
        COMPREPLY+=("$found")
    done < <(compgen -f -- "$image$slash$cur")
}

# Images by name, and directories.
_caisson_images() {
    local IFS=$'\n'
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -d -- "$cur") $(compgen -W "$(caisson image list 2>/dev/null)" -- "$cur"))
}

_caisson_run() {
    local door=run i=$1 word image
    while [ "$i" -lt "$cword" ]; do
        word=${words[i]}
        if _caisson_run_takes_next "$word"; then
            i=$((i + 2))
            [ "$i" -le "$cword" ] || { _caisson_run_value "$word"; return; }
        elif [[ $word == -?* && $word != -- ]]; then
            i=$((i + 1))
        else
            [[ $word != -- ]] || i=$((i + 1))
            break
        fi
    done
    if [ "$i" -ge "$cword" ]; then
        case $cur in
            --*=*) _caisson_glued ;;
            -*) _caisson_option ;;
            *) _caisson_images ;;
        esac
        return
    fi
    image=${words[i]}
    i=$((i + 1))
    [[ ${words[i]} != -- || $i -ge $cword ]] || i=$((i + 1))
    if [ "$i" -eq "$cword" ]; then _caisson_program "$image"; else _caisson_inside "$image"; fi
}

_caisson_option() {
    local names=_caisson_${door}_options
    _caisson_words "${!names}"
    [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null
}

# --name=value in one word.
_caisson_glued() {
    local name=${cur%%=*} i
    cur=${cur#*=}
    "_caisson_${door}_value" "$name"
    for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=$name=${COMPREPLY[i]}; done
}

_caisson_command() {
    COMPREPLY=($(compgen -c -- "$cur"))
}

# Options and operands of a command that has a table: "memfd create".
_caisson_with_table() {
    local names operands name i
    _caisson_table "$1" || return 0
    if [[ $cur == --*=* ]]; then
        name=${cur%%=*}
        cur=${cur#*=}
        _caisson_table_value "$1 $name"
        for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=$name=${COMPREPLY[i]}; done
    elif _caisson_table_takes_next "$1 ${words[cword - 1]}"; then
        _caisson_table_value "$1 ${words[cword - 1]}"
    elif [[ $cur == -* ]]; then
        _caisson_words "$names"
    else
        "$operands"
    fi
}

# readline divides words at "=" and ":" (COMP_WORDBREAKS): put together what no blank is between.
_caisson_words_as_typed() {
    local i piece rest=${COMP_LINE:0:COMP_POINT}
    for ((i = 0; i <= COMP_CWORD; i++)); do
        piece=${COMP_WORDS[i]}
        if [[ $i -gt 0 && $rest != [[:blank:]]* ]]; then
            words[${#words[@]} - 1]+=$piece
        else
            rest=${rest#"${rest%%[![:blank:]]*}"}
            words+=("$piece")
        fi
        rest=${rest#"$piece"}
    done
}

_caisson() {
    local words=() cword cur divided i
    _caisson_words_as_typed
    cword=$((${#words[@]} - 1))
    cur=${words[cword]}
    divided=${cur%"${cur##*[=:]}"}
    COMPREPLY=()
    if [[ ${words[0]##*/} == ch-run ]]; then
        _caisson_ch_run 1
    elif [ "$cword" = 1 ]; then
        _caisson_words "$_caisson_commands --help --version"
    elif [[ ${words[1]} == run ]]; then
        _caisson_run 2
    elif [[ ${words[1]} == plan && ${words[2]} == run && $cword -gt 2 ]]; then
        _caisson_run 3
    elif [[ ${words[1]} == ch-run ]]; then
        _caisson_ch_run 2
    elif [[ ${words[1]} == plan && ${words[2]} == ch-run && $cword -gt 2 ]]; then
        _caisson_ch_run 3
    elif [[ ${words[1]} == enter ]]; then
        _caisson_with_table enter
    elif [ "$cword" = 2 ]; then
        _caisson_other "${words[1]}"
    else
        _caisson_with_table "${words[1]} ${words[2]}"
    fi
    # It replaces only the part after the last of them.
    [ "$COMP_CWORD" != "$cword" ] || return
    for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"$divided"}; done
}

complete -F _caisson caisson ch-run
)bash";

}  // namespace

std::string bash_completion() {
    return head + commands() + table("run", described(run_options())) +
           table("ch_run", described(ch_run_options())) + other_tables() + bash_ch_run_functions +
           functions;
}

}  // namespace caisson::cli
