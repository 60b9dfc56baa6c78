// SPDX-License-Identifier: Apache-2.0
#include "cli/parse_options.h"

namespace caisson::cli {

Error unknown_option(const std::string& command, const std::string& given,
                     const std::vector<std::string>& names) {
    const std::string bare = given.substr(0, given.find('='));
    const std::string near = text::nearest(bare, names);
    return {"options",
            {},
            given,
            0,
            "there is no such option",
            near.empty() ? "see `caisson " + command + " --help`" : "did you mean " + near + "?"};
}

namespace detail {

Error named(Error error, const std::string& name, const char* value) {
    if (!error.phase.empty()) return error;  // a file that could not be read, say
    error.phase = "options";
    error.operation = "--" + name;
    error.subject = value ? value : "";
    return error;
}

// getopt_long(3) says the letter of a short option, and for a long one only that optind is past it.
std::string given_option(char** argv, int letter) {
    if (letter > 0 && letter < 256) return std::string("-") + static_cast<char>(letter);
    return argv[optind - 1];
}

}  // namespace detail
}  // namespace caisson::cli
