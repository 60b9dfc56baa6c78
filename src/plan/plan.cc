// SPDX-License-Identifier: Apache-2.0
#include "caisson/plan.h"

#include <algorithm>

#include "base/text.h"
#include "base/try.h"

namespace caisson {

bool Plan::has(std::string_view name) const {
    return index_of(name) < phases_.size();
}

size_t Plan::index_of(std::string_view name) const {
    size_t i = 0;
    while (i < phases_.size() && phases_[i].name != name)
        i++;
    return i;
}

Result<size_t> Plan::find(std::string_view name) const {
    const size_t position = index_of(name);
    if (position < phases_.size()) return position;
    std::vector<std::string> names;
    for (const Phase& phase : phases_)
        names.push_back(phase.name);
    return Error{"plan",
                 "phase",
                 std::string(name),
                 0,
                 "there is no phase of that name",
                 "there are: " + text::join(names, ", ")};
}

Result<void> Plan::insert_at(size_t position, Phase phase) {
    if (has(phase.name)) {
        return Error{"plan", "phase", phase.name, 0, "there is a phase of that name already", {}};
    }
    if (phases_.empty()) phases_.reserve(16);  // one allocation for most plans
    phases_.insert(phases_.begin() + static_cast<ptrdiff_t>(position), std::move(phase));
    return {};
}

Result<void> Plan::insert_before(std::string_view name, Phase phase) {
    return insert_at(TRY(find(name)), std::move(phase));
}

Result<void> Plan::insert_after(std::string_view name, Phase phase) {
    return insert_at(TRY(find(name)) + 1, std::move(phase));
}

Result<void> Plan::prepend(Phase phase) {
    return insert_at(0, std::move(phase));
}

Result<void> Plan::append(Phase phase) {
    return insert_at(phases_.size(), std::move(phase));
}

Result<void> Plan::replace(std::string_view name, Phase phase) {
    const size_t position = TRY(find(name));
    if (phase.name != name && has(phase.name)) {
        return Error{"plan", "phase", phase.name, 0, "there is a phase of that name already", {}};
    }
    phases_[position] = std::move(phase);
    return {};
}

Result<void> Plan::remove(std::string_view name) {
    const size_t position = TRY(find(name));
    phases_.erase(phases_.begin() + static_cast<ptrdiff_t>(position));
    return {};
}

}  // namespace caisson
