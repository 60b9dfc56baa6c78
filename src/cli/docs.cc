// SPDX-License-Identifier: Apache-2.0
#include "cli/docs.h"

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/parse_options.h"

namespace caisson::cli {

struct DocsRequest {
    bool help = false;
};

namespace {

constexpr Option<DocsRequest> options[] = {
    {"help",
     'h',
     Takes::nothing,
     nullptr,
     "Options",
     "Print this.",
     {},
     nullptr,
     [](DocsRequest& request, const char*) -> Result<void> {
         request.help = true;
         return {};
     }},
};

struct Document {
    const char* name;
    std::string (*text)();
    const char* use;
};

constexpr Document documents[] = {
    {"man", manual_page, "the manual page caisson-run(1): caisson docs man | man -l -"},
    {"man-memfd", memfd_manual_page, "the manual page caisson-memfd(1)"},
    {"man-ch-run", ch_run_manual_page, "the manual page caisson-ch-run(1)"},
    {"man-enter", enter_manual_page, "the manual page caisson-enter(1)"},
    {"man-config", config_manual_page, "the manual page caisson-config(5)"},
    {"bash", bash_completion,
     "completion: . <(caisson docs bash), or into "
     "share/bash-completion/completions/caisson"},
    {"zsh", zsh_completion, "completion: into share/zsh/site-functions/_caisson"},
    {"fish", fish_completion, "completion: into share/fish/vendor_completions.d/caisson.fish"},
};

int print_help() {
    std::string out =
        "usage: caisson docs DOCUMENT\n\n"
        "Prints a text that is made from the table of options. DOCUMENT is one of\n\n";
    for (const Document& document : documents) {
        std::string left = std::string("  ") + document.name;
        left.resize(14, ' ');
        out += left;
        append_wrapped(out, document.use, left.size());
    }
    return print_out(out + options_help<DocsRequest>(options));
}

int refuse(const Error& error) {
    print_error(error);
    return 125;
}

}  // namespace

int docs_main(int argc, char** argv) {
    DocsRequest request;
    const Result<int> operands = parse_options<DocsRequest>(options, argc, argv, request);
    if (!operands) return refuse(operands.error());
    if (request.help) return print_help();
    std::vector<std::string> names;
    for (const Document& document : documents)
        names.emplace_back(document.name);
    const std::string known = "one of " + text::join(names, ", ");
    if (operands.value() + 1 != argc) {
        return refuse({"options", {}, {}, 0, "docs needs the name of one document", known});
    }
    const std::string_view wanted = argv[operands.value()];
    for (const Document& document : documents) {
        if (wanted == document.name) return print_out(document.text());
    }
    return refuse({"options", {}, std::string(wanted), 0, "there is no such document", known});
}

}  // namespace caisson::cli
