// SPDX-License-Identifier: Apache-2.0
//
// getopt_long(3) over a table of options.
#pragma once

#include <getopt.h>
#include <stdlib.h>

#include <string>
#include <vector>

#include "base/text.h"
#include "cli/option_table.h"

namespace caisson::cli {

// Where the operands begin: options end at the first of them, so that a command keeps its own.
template <typename Request>
Result<int> parse_options(std::span<const Option<Request>> table, int argc, char** argv,
                          Request& request);

// An option that the table does not have, with the nearest one as the hint.
Error unknown_option(const std::string& command, const std::string& given,
                     const std::vector<std::string>& names);

namespace detail {
// Names of options in Errors: "--bind", with its value as the subject.
Error named(Error error, const std::string& name, const char* value);
std::string given_option(char** argv, int letter);
}  // namespace detail

template <typename Request>
Result<int> parse_options(std::span<const Option<Request>> table, int argc, char** argv,
                          Request& request) {
    constexpr int first_long = 256;  // above every letter
    std::vector<option> longs;
    longs.reserve(table.size() + 1);
    std::string letters = "+:";  // no permutation; a missing value is ':' and not a message
    for (size_t i = 0; i < table.size(); i++) {
        const auto& row = table[i];
        const int takes = row.takes == Takes::nothing ? no_argument
                          : row.takes == Takes::value ? required_argument
                                                      : optional_argument;
        longs.push_back({row.name, takes, nullptr, first_long + static_cast<int>(i)});
        if (!row.letter) continue;
        letters += row.letter;
        letters.append(static_cast<size_t>(takes), ':');
    }
    longs.push_back({});
    optind = 0;  // glibc: begin anew, whatever an earlier parse left
    opterr = 0;
    for (;;) {
        const int found = getopt_long(argc, argv, letters.c_str(), longs.data(), nullptr);
        if (found == -1) return optind;
        size_t i = static_cast<size_t>(found - first_long);
        if (found < first_long) {
            for (i = 0; i < table.size() && table[i].letter != found; i++) {
            }
        }
        if (found == ':') {
            return Error{"options", {}, detail::given_option(argv, optopt), 0, "needs a value", {}};
        }
        if (found == '?' && optopt >= first_long) {
            const std::string_view given = argv[optind - 1];
            return Error{"options",
                         std::string(given.substr(0, given.find('='))),
                         std::string(given.substr(given.find('=') + 1)),
                         0,
                         "takes no value",
                         {}};
        }
        if (i >= table.size()) {
            std::vector<std::string> names;
            for (const auto& row : table)
                names.push_back(std::string("--") + row.name);
            return unknown_option(argv[0], detail::given_option(argv, optopt), names);
        }
        Result<void> applied = table[i].apply(request, optarg);
        if (!applied) return detail::named(std::move(applied).error(), table[i].name, optarg);
    }
}

}  // namespace caisson::cli
