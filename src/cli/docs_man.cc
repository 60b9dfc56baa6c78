// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "cli/docs.h"

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

std::string item(const Option<RunRequest>& row) {
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

std::string option_lists() {
    std::string out;
    const char* group = "";
    for (const auto& row : run_options()) {
        if (strcmp(group, row.group) != 0) {
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
    return manual_before_options + option_lists() + manual_after_options + manual_environment +
           manual_after_environment;
}

}  // namespace caisson::cli
