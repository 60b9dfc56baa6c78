// SPDX-License-Identifier: Apache-2.0
//
// The environment of a sandboxed program: the caller's, changed in the order in which the changes
// were asked for. One implementation for every door.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "caisson/error.h"

namespace caisson {

class Environment {
  public:
    Environment() = default;
    explicit Environment(const char* const* entries);

    const std::string* find(std::string_view name) const;  // the whole entry, "NAME=value"
    std::string_view get(std::string_view name) const;     // empty where unset
    void set(std::string_view name, std::string_view value);
    void unset(std::string_view name);
    // Names that match an extended glob (fnmatch(3), FNM_EXTMATCH).
    void unset_matching(const std::string& glob);
    void clear() { entries_.clear(); }

    // `value` with colon-separated items of the form $NAME replaced; an item whose variable is
    // unset or empty goes, and its colon with it.
    std::string expand(std::string_view value) const;

    std::vector<std::string> take() && { return std::move(entries_); }

  private:
    std::vector<std::string> entries_;
};

struct EnvironmentChange {
    enum class Kind { set, unset, clear };
    Kind kind = Kind::set;
    std::string name;  // for unset: a glob
    std::string value;
};

// One "NAME=value". Errors name `origin`, which is an option or FILE:LINE.
Result<EnvironmentChange> parse_assignment(std::string_view text, const std::string& origin);
// A file of assignments, one a line or, with `separator` NUL, one a record. Blank ones are skipped;
// one pair of single quotes around a value goes.
Result<std::vector<EnvironmentChange>> parse_assignments(std::string_view content, char separator,
                                                         const std::string& origin);

enum class Expansion { on, off };
void apply(Environment& environment, const std::vector<EnvironmentChange>& changes,
           Expansion expansion);

}  // namespace caisson
