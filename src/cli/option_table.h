// SPDX-License-Identifier: Apache-2.0
//
// Options as data: what getopt_long(3) is told, what --help, the manual page and the shells'
// completions say all come from the same rows.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "caisson/error.h"

namespace caisson::cli {

enum class Takes { nothing, value, maybe_value };

// How a shell may complete a value.
enum class Completes { nothing, file, directory, words };

template <typename Request>
struct Option {
    const char* name;
    char letter;  // '\0': none
    Takes takes;
    const char* value;  // its name in help: "SRC[:DST[:OPTS]]"
    const char* group;  // heading in help
    const char* help;   // one sentence or two; a line of help is wrapped from it
    Completes completes;
    const char* words;  // blank-separated, for Completes::words
    // Errors need no phase and no subject: both are filled in.
    Result<void> (*apply)(Request& request, const char* value);

    // Without a value; and with one that there is nothing to complete from.
    static constexpr Option flag(const char* name, char letter, const char* group, const char* help,
                                 decltype(apply) take) {
        return {name, letter, Takes::nothing, nullptr, group, help, {}, nullptr, take};
    }
    static constexpr Option with(const char* name, char letter, const char* value,
                                 const char* group, const char* help, decltype(apply) take) {
        return {name, letter, Takes::value, value, group, help, {}, nullptr, take};
    }
};

struct RunRequest;
std::span<const Option<RunRequest>> run_options();
struct ChRunRequest;
std::span<const Option<ChRunRequest>> ch_run_options();
struct ImageRequest;
std::span<const Option<ImageRequest>> image_options();
// Tables for before_libc.h.
std::span<const Option<RunRequest>> run_options_before_libc();
std::span<const Option<ChRunRequest>> ch_run_options_before_libc();

}  // namespace caisson::cli
