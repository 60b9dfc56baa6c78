// SPDX-License-Identifier: Apache-2.0
#include "join/state.h"

#include <errno.h>
#include <linux/filter.h>
#include <string.h>

#include <algorithm>

#include "base/try.h"

namespace caisson::join {
namespace {

// Followed by the groups, the filter's instructions and the environment, each entry with its NUL.
struct Header {
    uint64_t capabilities = 0;
    uint32_t uid = 0;
    uint32_t set_uid = UINT32_MAX;  // 2^32-1 is no id: none
    uint32_t set_gid = UINT32_MAX;
    uint32_t groups = 0;  // how many
    uint32_t instructions = 0;
    uint8_t sets_ids = 0;
    uint8_t sets_groups = 0;
    uint8_t no_new_privileges = 0;
    uint8_t has_filter = 0;
};

template <typename T>
void append(std::string& to, const T* first, size_t count) {
    to.append(reinterpret_cast<const char*>(first), count * sizeof(T));
}

// False where there are not as many.
template <typename T>
bool take(std::string_view& from, T* first, size_t count) {
    if (from.size() / sizeof(T) < count) return false;
    if (count == 0) return true;  // an empty vector has no address that memcpy(3) may be given
    memcpy(static_cast<void*>(first), from.data(), count * sizeof(T));
    from.remove_prefix(count * sizeof(T));
    return true;
}

std::optional<uint32_t> id_of(uint32_t stored) {
    if (stored == UINT32_MAX) return {};
    return stored;
}

bool take_groups(std::string_view& bytes, const Header& header, ExistingSandbox& sandbox) {
    if (header.groups > 65536) return false;  // NGROUPS_MAX
    std::vector<uint32_t> groups(header.groups);
    if (!take(bytes, groups.data(), groups.size())) return false;
    if (header.sets_groups) sandbox.set_groups = std::move(groups);
    return true;
}

bool take_filter(std::string_view& bytes, const Header& header, ExistingSandbox& sandbox) {
    if (header.instructions > BPF_MAXINSNS) return false;
    std::vector<sock_filter> filter(header.instructions);
    if (!take(bytes, filter.data(), filter.size())) return false;
    if (header.has_filter) sandbox.seccomp = SeccompProgram{std::move(filter)};
    return true;
}

}  // namespace

std::string to_bytes(const SandboxState& state) {
    const ExistingSandbox& sandbox = state.sandbox;
    const std::vector<uint32_t> groups = sandbox.set_groups.value_or(std::vector<uint32_t>());
    const std::vector<sock_filter> filter = sandbox.seccomp.value_or(SeccompProgram()).instructions;
    Header header;
    header.capabilities = sandbox.capabilities.bits();
    header.uid = sandbox.uid;
    header.set_uid = sandbox.set_uid.value_or(UINT32_MAX);
    header.set_gid = sandbox.set_gid.value_or(UINT32_MAX);
    header.groups = static_cast<uint32_t>(groups.size());
    header.instructions = static_cast<uint32_t>(filter.size());
    header.sets_ids = sandbox.sets_ids;
    header.sets_groups = sandbox.set_groups.has_value();
    header.no_new_privileges = sandbox.no_new_privileges;
    header.has_filter = sandbox.seccomp.has_value();
    std::string bytes;
    append(bytes, &header, 1);
    append(bytes, groups.data(), groups.size());
    append(bytes, filter.data(), filter.size());
    for (const std::string& change : state.environment)
        bytes.append(change).push_back('\0');
    return bytes;
}

Result<SandboxState> from_bytes(std::string_view bytes) {
    const Error broken{"join", "read", "the first peer's state", EBADMSG, {}, {}};
    Header header;
    SandboxState state;
    ExistingSandbox& sandbox = state.sandbox;
    if (!take(bytes, &header, 1) || !take_groups(bytes, header, sandbox) ||
        !take_filter(bytes, header, sandbox)) {
        return broken;
    }
    sandbox.capabilities = CapabilitySet(header.capabilities);
    sandbox.uid = header.uid;
    sandbox.sets_ids = header.sets_ids != 0;
    sandbox.set_uid = id_of(header.set_uid);
    sandbox.set_gid = id_of(header.set_gid);
    sandbox.no_new_privileges = header.no_new_privileges != 0;
    if (!bytes.empty() && bytes.back() != '\0') return broken;
    while (!bytes.empty()) {
        const size_t size = bytes.find('\0');
        state.environment.emplace_back(bytes.substr(0, size));
        bytes.remove_prefix(size + 1);
    }
    return state;
}

}  // namespace caisson::join

namespace caisson {
namespace {

std::string_view name_of(std::string_view entry) {
    return entry.substr(0, entry.find('='));
}

bool names(std::string_view entry, std::string_view name) {
    return name_of(entry) == name;
}

}  // namespace

std::vector<std::string> environment_changes(const char* const* before,
                                             const std::vector<std::string>& after) {
    std::vector<std::string_view> old;
    for (; *before; before++)
        old.emplace_back(*before);
    std::vector<std::string> changes;
    for (const std::string& entry : after) {
        if (std::find(old.begin(), old.end(), entry) == old.end()) changes.push_back(entry);
    }
    for (const std::string_view entry : old) {
        const auto kept = [&](const std::string& one) { return names(one, name_of(entry)); };
        if (std::none_of(after.begin(), after.end(), kept)) {
            changes.emplace_back(name_of(entry));
        }
    }
    return changes;
}

std::vector<std::string> changed_environment(std::vector<std::string> environment,
                                             const std::vector<std::string>& changes) {
    for (const std::string& change : changes) {
        const std::string_view name = name_of(change);
        const auto found =
            std::find_if(environment.begin(), environment.end(),
                         [&](const std::string& entry) { return names(entry, name); });
        if (name.size() == change.size()) {
            if (found != environment.end()) environment.erase(found);
        } else if (found != environment.end()) {
            *found = change;
        } else {
            environment.push_back(change);
        }
    }
    return environment;
}

// The same conditions under which the plan of the first one sets ids.
ExistingSandbox restrictions_of(const Spec& spec, uint32_t uid) {
    ExistingSandbox sandbox;
    sandbox.uid = uid;
    const bool single_map = spec.namespaces.user && spec.id_maps.uids.empty();
    sandbox.sets_ids = !single_map && (spec.uid || spec.gid || spec.groups);
    if (sandbox.sets_ids) {
        sandbox.set_uid = spec.uid;
        sandbox.set_gid = spec.gid;
        sandbox.set_groups = spec.groups;
    }
    sandbox.capabilities = spec.capabilities.value_or(CapabilitySet::all());
    sandbox.no_new_privileges = spec.no_new_privileges;
    sandbox.seccomp = spec.seccomp;
    return sandbox;
}

}  // namespace caisson
