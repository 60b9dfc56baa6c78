// SPDX-License-Identifier: Apache-2.0
//
// The environment of a sandboxed program: the caller's, changed in the order in which the changes
// were asked for. One implementation for every door.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "caisson/error.h"
#include "caisson/host.h"

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
    enum class Kind {
        set,
        set_as_it_is,  // nothing in the value is replaced
        unset,         // `name` is a glob
        clear,         // nothing stays but what the door itself sets
        image,         // what the image's own file has, a line each
        image_zeroed,  // the same with NUL after each
    };
    Kind kind = Kind::set;
    std::string name;
    std::string value;
};
using EnvironmentChanges = std::vector<EnvironmentChange>;

// One "NAME=value"; one pair of single quotes around the value goes. Errors name `origin`, which is
// an option or FILE:LINE.
Result<EnvironmentChange> parse_assignment(std::string_view text, const std::string& origin);
// A file of assignments, one a line or, with `separator` NUL, one a record. Blank ones are skipped.
Result<EnvironmentChanges> parse_assignments(std::string_view content, char separator,
                                             const std::string& origin);

// Where an image keeps variables of its own.
constexpr const char* image_environment = "/ch/environment";
// The same changes with those of the image's file where it is asked for. It is looked up inside
// `image`, a directory of the host's.
Result<EnvironmentChanges> with_image_file(EnvironmentChanges changes, const Host& host,
                                           const std::string& image);

enum class Expansion { on, off };

// What a door does to every environment, and where doors differ. TMPDIR always goes, since it names
// a directory of the host's, and HOME and PWD always name what is inside.
struct EnvironmentRules {
    // What tells that PATH leads to /bin, which is added otherwise: on a host with a merged /usr it
    // may not name it, and the image's may be a directory of its own.
    enum class PathTest {
        item,       // an item of PATH is /bin
        substring,  // PATH begins with /bin or has :/bin: Charliecloud's rule, /binary counts
    };
    PathTest path_test = PathTest::item;
    std::string default_path;  // for a caller that has no PATH; empty: it stays without
    std::string home;
    std::string directory;  // PWD
    Expansion expansion = Expansion::on;
    EnvironmentChanges before;  // the door's own, that options may change
    EnvironmentChanges after;   // and that they may not
};

// The environment of a program: the caller's `entries`, changed by the rules and then by `changes`
// in their order, each of which sees those before it. No kind of `image` may be left among them.
Environment environment_for(const char* const* entries, const EnvironmentRules& rules,
                            const EnvironmentChanges& changes);

}  // namespace caisson
