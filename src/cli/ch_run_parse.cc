// SPDX-License-Identifier: Apache-2.0
//
// ch-run's command line is read by glibc's argp, whose reading is getopt_long(3)'s with options
// permuted. This is that without argp's start-up: the rules and the messages are glibc's own.
#include <getopt.h>

#include "base/try.h"
#include "cli/ch_run_request.h"

namespace caisson::cli {
namespace {

using Rows = std::span<const Option<ChRunRequest>>;

// Values above every letter, so that each long option is known by its row: glibc takes two of the
// same value for one option, and an ambiguous prefix of them for none.
constexpr int first_long = 256;

int argument_of(Takes takes) {
    switch (takes) {
        case Takes::nothing:
            return no_argument;
        case Takes::value:
            return required_argument;
        case Takes::maybe_value:
            break;
    }
    return optional_argument;
}

std::vector<option> long_options(Rows rows) {
    std::vector<option> longs;
    longs.reserve(rows.size() + 1);
    int value = first_long;
    for (const auto& row : rows)
        longs.push_back({row.name, argument_of(row.takes), nullptr, value++});
    longs.push_back({});
    return longs;
}

std::string short_options(Rows rows) {
    std::string letters;
    for (const auto& row : rows) {
        // getopt_long(3) returns ? for a mistake. That this one was made is the request for help.
        if (!row.letter || row.letter == '?') continue;
        letters += row.letter;
        letters.append(static_cast<size_t>(argument_of(row.takes)), ':');
    }
    return letters;
}

struct Known {
    std::string letters;
    std::vector<option> longs;
};

int next_option(int argc, char** argv, const Known& known) {
    return getopt_long(argc, argv, known.letters.c_str(), known.longs.data(), nullptr);
}

// A mistake is read once more, so that glibc tells it in its own words.
Error tell_mistake(int argc, char** argv, const Known& known) {
    optind = 0;
    opterr = 1;
    for (int found = 0; found != '?' && found != -1;)
        found = next_option(argc, argv, known);
    return {told_by_getopt, {}, {}, 0, "there is a mistake in an option", {}};
}

size_t row_of(Rows rows, int found) {
    if (found >= first_long) return static_cast<size_t>(found - first_long);
    size_t i = 0;
    while (rows[i].letter != found)
        i++;
    return i;
}

Error leave_mistake(int, char**, const Known&) {
    return {};
}

Result<void> parse(int argc, char** argv, ChRunRequest& request, Rows rows,
                   Error (*mistake)(int argc, char** argv, const Known& known)) {
    const Known known = {short_options(rows), long_options(rows)};
    optind = 0;  // glibc: begin anew, whatever an earlier parse left
    opterr = 0;
    while (request.answer == ChRunRequest::Answer::none) {
        const int found = next_option(argc, argv, known);
        if (found == -1) break;
        if (found == '?' && optopt != '?') return mistake(argc, argv, known);
        TRY(rows[row_of(rows, found)].apply(request, optarg));
    }
    if (request.answer != ChRunRequest::Answer::none) return {};
    if (argc - optind < 2) {
        return Error{told_by_getopt, "operands", {}, 0, "IMAGE and/or COMMAND not specified", {}};
    }
    // What ch-run does of its own accord: the kernel's rules for capabilities, and no descriptor of
    // the caller's closed. MPI hands some over.
    request.run.habits = Habits::charliecloud;
    request.run.spec.close_descriptors = false;
    request.run.guest.unknown_user = {"charlie", "Charlie"};
    request.run.guest.unknown_group = {"charliegroup", {}};
    request.run.image = argv[optind];
    request.run.command.assign(argv + optind + 1, argv + argc);
    return {};
}

}  // namespace

Result<void> parse_ch_run(int argc, char** argv, ChRunRequest& request) {
    return parse(argc, argv, request, ch_run_options(), tell_mistake);
}

Result<void> parse_ch_run_before_libc(int argc, char** argv, ChRunRequest& request) {
    return parse(argc, argv, request, ch_run_options_before_libc(), leave_mistake);
}

}  // namespace caisson::cli
