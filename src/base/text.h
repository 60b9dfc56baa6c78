// SPDX-License-Identifier: Apache-2.0
//
// Words about text that has no meaning yet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caisson::text {

// The parts between separators; an empty text has one empty part.
std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

// A whole decimal number that fits, or nothing.
std::optional<uint64_t> number(std::string_view text, uint64_t most = UINT64_MAX);

// With control characters as \n or \xNN, so that one message is one line.
std::string escaped(std::string_view text);
// The same in double quotes, with those inside escaped too.
std::string quoted(std::string_view text);

// How many letters have to be changed, added or dropped to make one of the other.
size_t distance(std::string_view a, std::string_view b);
// The candidate that was probably meant; empty where none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace caisson::text
