// SPDX-License-Identifier: Apache-2.0
#include "spec/environment.h"

#include <fnmatch.h>

#include <algorithm>

#include "base/text.h"
#include "base/try.h"

namespace caisson {
namespace {

std::string_view name_of(std::string_view entry) {
    return entry.substr(0, entry.find('='));
}

Error unreadable(const std::string& origin, const char* why) {
    return {"environment", "parse", origin, 0, why, "an assignment is NAME=VALUE"};
}

}  // namespace

Environment::Environment(const char* const* entries) {
    size_t count = 0;
    while (entries[count])
        count++;
    entries_.reserve(count + 8);
    for (size_t i = 0; i < count; i++)
        entries_.emplace_back(entries[i]);
}

const std::string* Environment::find(std::string_view name) const {
    for (const std::string& entry : entries_) {
        if (entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name)) {
            return &entry;
        }
    }
    return nullptr;
}

std::string_view Environment::get(std::string_view name) const {
    const std::string* entry = find(name);
    return entry ? std::string_view(*entry).substr(name.size() + 1) : std::string_view();
}

void Environment::set(std::string_view name, std::string_view value) {
    std::string entry;
    entry.reserve(name.size() + value.size() + 1);
    entry.append(name).append("=").append(value);
    if (const std::string* old = find(name)) {
        entries_[static_cast<size_t>(old - entries_.data())] = std::move(entry);
    } else {
        entries_.push_back(std::move(entry));
    }
}

void Environment::unset(std::string_view name) {
    std::erase_if(entries_, [&](const std::string& entry) { return name_of(entry) == name; });
}

void Environment::unset_matching(const std::string& glob) {
    std::erase_if(entries_, [&](const std::string& entry) {
        return fnmatch(glob.c_str(), std::string(name_of(entry)).c_str(), FNM_EXTMATCH) == 0;
    });
}

std::string Environment::expand(std::string_view value) const {
    std::vector<std::string> kept;
    for (std::string& item : text::split(value, ':')) {
        if (item.size() < 2 || item[0] != '$') {
            kept.push_back(std::move(item));
            continue;
        }
        const std::string_view name = std::string_view(item).substr(1);
        // No name has a "=", though getenv(3) would find the entry "A==x" by "A=".
        const std::string_view replaced = name.contains('=') ? std::string_view() : get(name);
        if (!replaced.empty()) kept.emplace_back(replaced);
    }
    return text::join(kept, ":");
}

Result<EnvironmentChange> parse_assignment(std::string_view text, const std::string& origin) {
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos) return unreadable(origin, "has no =");
    if (equals == 0) return unreadable(origin, "has an empty name");
    std::string_view value = text.substr(equals + 1);
    if (value.size() >= 2 && value.front() == '\'' && value.back() == '\'') {
        value = value.substr(1, value.size() - 2);
    }
    return EnvironmentChange{EnvironmentChange::Kind::set, std::string(text.substr(0, equals)),
                             std::string(value)};
}

Result<EnvironmentChanges> parse_assignments(std::string_view content, char separator,
                                             const std::string& origin) {
    EnvironmentChanges changes;
    size_t line = 0;
    for (const std::string& record : text::split(content, separator)) {
        line++;
        if (record.empty()) continue;
        changes.push_back(TRY(parse_assignment(record, origin + ":" + std::to_string(line))));
    }
    return changes;
}

Result<EnvironmentChanges> with_image_file(EnvironmentChanges changes, const Host& host,
                                           const std::string& image) {
    using Kind = EnvironmentChange::Kind;
    const auto is_image = [](const EnvironmentChange& change) {
        return change.kind == Kind::image || change.kind == Kind::image_zeroed;
    };
    if (std::none_of(changes.begin(), changes.end(), is_image)) return changes;
    const std::string content = TRY(host.read(image, image_environment));
    EnvironmentChanges all;
    for (EnvironmentChange& change : changes) {
        if (!is_image(change)) {
            all.push_back(std::move(change));
            continue;
        }
        const char separator = change.kind == Kind::image ? '\n' : '\0';
        for (EnvironmentChange& own :
             TRY(parse_assignments(content, separator, image_environment))) {
            all.push_back(std::move(own));
        }
    }
    return all;
}

namespace {

bool leads_to_bin(std::string_view path, EnvironmentRules::PathTest test) {
    if (test == EnvironmentRules::PathTest::substring) {
        return path.starts_with("/bin") || path.contains(":/bin");
    }
    return path == "/bin" || path.starts_with("/bin:") || path.ends_with(":/bin") ||
           path.contains(":/bin:");
}

void complete_path(Environment& environment, const EnvironmentRules& rules) {
    const bool is_set = environment.find("PATH") != nullptr;
    const std::string path(environment.get("PATH"));
    if (path.empty()) {
        // An empty item would mean the working directory (execvp(3)).
        const std::string whole =
            is_set && rules.default_path.empty() ? "/bin" : rules.default_path;
        if (!whole.empty()) environment.set("PATH", whole);
    } else if (!leads_to_bin(path, rules.path_test)) {
        environment.set("PATH", path + ":/bin");
    }
}

void set_places(Environment& environment, const EnvironmentRules& rules) {
    environment.set("HOME", rules.home);
    environment.set("PWD", rules.directory);
}

// What a program can't do without, as login(1) leaves it.
void clear(Environment& environment, const EnvironmentRules& rules, const std::string& terminal) {
    environment.clear();
    if (!rules.default_path.empty()) environment.set("PATH", rules.default_path);
    set_places(environment, rules);
    if (!terminal.empty()) environment.set("TERM", terminal);
}

void apply(Environment& environment, const EnvironmentChange& change, Expansion expansion) {
    if (change.kind == EnvironmentChange::Kind::unset) {
        environment.unset_matching(change.name);
    } else if (change.kind == EnvironmentChange::Kind::set_as_it_is) {
        environment.set(change.name, change.value);
    } else {
        environment.set(change.name, expansion == Expansion::on ? environment.expand(change.value)
                                                                : change.value);
    }
}

}  // namespace

Environment environment_for(const char* const* entries, const EnvironmentRules& rules,
                            const EnvironmentChanges& changes) {
    Environment environment(entries);
    const std::string terminal(environment.get("TERM"));
    environment.unset("TMPDIR");
    set_places(environment, rules);
    for (const EnvironmentChange& change : rules.before)
        apply(environment, change, Expansion::off);
    complete_path(environment, rules);
    for (const EnvironmentChange& change : changes) {
        if (change.kind == EnvironmentChange::Kind::clear)
            clear(environment, rules, terminal);
        else
            apply(environment, change, rules.expansion);
    }
    for (const EnvironmentChange& change : rules.after)
        apply(environment, change, Expansion::off);
    return environment;
}

}  // namespace caisson
