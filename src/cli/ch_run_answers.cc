// SPDX-License-Identifier: Apache-2.0
//
// What ch-run prints in place of running anything.
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/ch_run.h"
#include "cli/ch_run_feature.h"

namespace caisson::cli {
namespace {

constexpr const char* doc =
    "\nRun a command in a Charliecloud container.\v"
    "Example:\n\n"
    "  $ ch-run /data/foo -- echo hello\n"
    "  hello\n\n"
    "You cannot use this program to actually change your UID. "
    "This is caisson " CAISSON_VERSION " under the name of ch-run.";

// argp(3) formats; ARGP_HELP_FMT says how. `-?`, --usage and --version stand in the table.
void print_with_argp(FILE* to, unsigned flags) {
    constexpr int first_long = 256;
    std::vector<argp_option> options;
    for (const auto& row : ch_run_options()) {
        const int key = row.letter ? row.letter : first_long + static_cast<int>(options.size());
        const int optional = row.takes == Takes::maybe_value ? OPTION_ARG_OPTIONAL : 0;
        const bool is_standard = key == '?' || key == 'V' || row.name == std::string_view("usage");
        options.push_back({row.name, key, row.value, optional, row.help, is_standard ? -1 : 0});
    }
    options.push_back({});
    argp description = {};
    description.options = options.data();
    description.args_doc = "IMAGE -- COMMAND [ARG...]";
    description.doc = doc;
    setenv("ARGP_HELP_FMT", "opt-doc-col=27,no-dup-args-note", 0);
    std::string name = "ch-run";
    argp_help(&description, to, flags, name.data());
}

int log_every_level(ChRunLog& log) {
    using enum ChRunLog::Level;
    log.print(trace, "trace");
    log.print(debug, "debug");
    log.print(verbose, "verbose");
    log.print(info, "info");
    log.print(warning, "warning");
    return 0;
}

int log_warnings(ChRunRequest& request) {
    for (int i = 1; i <= request.warnings; i++) {
        request.log.print(ChRunLog::Level::warning, "this is warning " + std::to_string(i) + "!");
    }
    return 0;
}

int print_version() {
    return fprintf(stderr, "%s\n", CAISSON_VERSION) < 0 ? ch_run_failed : 0;
}

int print_and_flush(unsigned flags) {
    print_with_argp(stdout, flags);
    return fflush(stdout) == 0 ? 0 : ch_run_failed;
}

}  // namespace

void print_ch_run_help() {
    print_with_argp(stderr, ARGP_HELP_STD_HELP & ~ARGP_HELP_EXIT_OK);
}

void print_ch_run_usage() {
    print_with_argp(stderr, ARGP_HELP_USAGE);
}

void print_ch_run_see_help() {
    print_with_argp(stderr, ARGP_HELP_SEE);
}

int ch_run_answer(ChRunRequest& request) {
    using enum ChRunRequest::Answer;
    switch (request.answer) {
        case help:
            return print_and_flush(ARGP_HELP_STD_HELP & ~ARGP_HELP_EXIT_OK);
        case usage:
            return print_and_flush(ARGP_HELP_USAGE);
        case version:
            return print_version();
        case feature:
            return ch_run_feature(request);
        case log:
            return log_every_level(request.log);
        case log_fail:
            log_every_level(request.log);
            request.log.print(ChRunLog::Level::fatal,
                              "the program failed inexplicably (\"log-fail\" specified)");
            return ch_run_failed;
        case warnings:
            return log_warnings(request);
        case none:
            break;
    }
    return 0;
}

}  // namespace caisson::cli
