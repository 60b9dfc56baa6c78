// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "cli/docs.h"
#include "cli/enter_request.h"
#include "cli/memfd.h"

namespace caisson::cli {
namespace {

// Text as roff takes it: a backslash is not an escape, two dashes are no hyphens, and all is ASCII.
std::string escaped(std::string_view text) {
    std::string out;
    for (size_t i = 0; i < text.size(); i++) {
        if (text.substr(i).starts_with("…")) {
            out += "...";
            i += strlen("…") - 1;
        } else if (text.substr(i).starts_with("--")) {
            out += "\\-\\-";
            i++;
        } else if (text[i] == '\\') {
            out += "\\e";
        } else {
            out += text[i];
        }
    }
    return out;
}

// Sentences begin lines, which is how mdoc knows where they end. A dot at the start of a line would
// be a macro.
std::string as_lines(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const size_t end = text.find(". ");
        const std::string_view sentence = text.substr(0, end == text.npos ? end : end + 1);
        if (sentence.starts_with('.') || sentence.starts_with('\'')) out += "\\&";
        out += escaped(sentence) + "\n";
        if (end == text.npos) break;
        text.remove_prefix(end + 2);
    }
    return out;
}

std::string item(const OptionHelp& row) {
    std::string out = ".It ";
    const std::string value = row.value ? escaped(row.value) : "";
    if (row.letter) {
        out += std::string("Fl ") + row.letter;
        if (row.takes == Takes::maybe_value) out += " Ns Oo Ar " + value + " Oc";
        out += " , ";
    }
    out += std::string("Fl \\-") + row.name;
    if (row.takes == Takes::value) out += " Ar " + value;
    if (row.takes == Takes::maybe_value) out += " Ns Oo = Ns Ar " + value + " Oc";
    return out + "\n" + as_lines(row.help);
}

// One list for each group, under its heading; without `headings` one for all.
enum class Headings { shown, none };

std::string option_lists(const std::vector<OptionHelp>& options, Headings headings) {
    std::string out = headings == Headings::none ? ".Bl -tag -width Ds\n" : "";
    const char* group = "";
    for (const OptionHelp& row : options) {
        if (headings == Headings::shown && strcmp(group, row.group) != 0) {
            if (*group) out += ".El\n";
            out += std::string(".Ss ") + row.group + "\n.Bl -tag -width Ds\n";
        }
        group = row.group;
        out += item(row);
    }
    return out + ".El\n";
}

}  // namespace

std::string manual_page() {
    return manual_before_options + option_lists(described(run_options()), Headings::shown) +
           manual_file_system + manual_after_file_system + manual_devices + manual_fake_root +
           manual_of_joining + manual_environment + manual_after_environment;
}

std::string ch_run_manual_page() {
    return ch_run_manual_before_options +
           option_lists(described(ch_run_options()), Headings::none) + ch_run_manual_after_options;
}

std::string enter_manual_page() {
    return enter_manual_before_options + option_lists(described(enter_options()), Headings::shown) +
           enter_manual_after_options;
}

std::string memfd_manual_page() {
    std::string out = memfd_manual_before_options;
    for (const MemfdCommand& command : memfd_commands()) {
        out += std::string(".Ss caisson memfd ") + command.name + "\n" +
               option_lists(described(command.options), Headings::none);
    }
    return out + memfd_manual_after_options;
}

}  // namespace caisson::cli
