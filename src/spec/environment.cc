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
        const std::string_view replaced = get(std::string_view(item).substr(1));
        if (!replaced.empty()) kept.emplace_back(replaced);
    }
    return text::join(kept, ":");
}

Result<EnvironmentChange> parse_assignment(std::string_view text, const std::string& origin) {
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos) return unreadable(origin, "has no =");
    if (equals == 0) return unreadable(origin, "has an empty name");
    return EnvironmentChange{EnvironmentChange::Kind::set, std::string(text.substr(0, equals)),
                             std::string(text.substr(equals + 1))};
}

Result<std::vector<EnvironmentChange>> parse_assignments(std::string_view content, char separator,
                                                         const std::string& origin) {
    std::vector<EnvironmentChange> changes;
    size_t line = 0;
    for (const std::string& record : text::split(content, separator)) {
        line++;
        if (record.empty()) continue;
        EnvironmentChange change =
            TRY(parse_assignment(record, origin + ":" + std::to_string(line)));
        std::string& value = change.value;
        if (value.size() >= 2 && value.front() == '\'' && value.back() == '\'') {
            value = value.substr(1, value.size() - 2);
        }
        changes.push_back(std::move(change));
    }
    return changes;
}

void apply(Environment& environment, const std::vector<EnvironmentChange>& changes,
           Expansion expansion) {
    for (const EnvironmentChange& change : changes) {
        switch (change.kind) {
            case EnvironmentChange::Kind::clear:
                environment.clear();
                break;
            case EnvironmentChange::Kind::unset:
                environment.unset_matching(change.name);
                break;
            case EnvironmentChange::Kind::set:
                environment.set(change.name, expansion == Expansion::on
                                                 ? environment.expand(change.value)
                                                 : change.value);
                break;
        }
    }
}

}  // namespace caisson
