// SPDX-License-Identifier: Apache-2.0
//
// Steps about the process: ids, names, limits, privileges.
#include <signal.h>

#include <algorithm>

#include "plan/steps_of.h"

namespace caisson::plan {
namespace {

bool enters(const Wish& wish) {
    return wish.spec.subject == Subject::caller;
}

bool has_ranges(const Spec& spec) {
    return !spec.id_maps.uids.empty();
}

Step parent_death(int signal, step::SignalOnParentDeath::When when) {
    return {step::SignalOnParentDeath{signal, when}};
}

Steps die_or_live_on(const Spec& spec) {
    using When = step::SignalOnParentDeath::When;
    if (spec.die_with_parent) return {parent_death(SIGKILL, When::always)};
    return {parent_death(0, When::launched)};
}

std::string map_line(uint32_t inside, uint32_t outside) {
    return std::to_string(inside) + " " + std::to_string(outside) + " 1";
}

}  // namespace

uint32_t uid_inside(const Wish& wish) {
    if (wish.spec.uid) return *wish.spec.uid;
    return has_ranges(wish.spec) ? 0 : wish.host.uid();
}

uint32_t gid_inside(const Wish& wish) {
    if (wish.spec.gid) return *wish.spec.gid;
    return has_ranges(wish.spec) ? 0 : wish.host.gid();
}

Steps guard(Wish& wish) {
    using When = step::SignalOnParentDeath::When;
    return {parent_death(SIGKILL, enters(wish) ? When::always : When::launched)};
}

// The one map that needs no help: the writer's own ids, once setgroups(2) is denied
// (user_namespaces(7)).
Steps own_id_maps(Wish& wish) {
    if (!wish.spec.namespaces.user || has_ranges(wish.spec)) return {};
    const uint32_t uid = wish.host.uid();
    const uint32_t gid = wish.host.gid();
    return {{step::WriteFile{"/proc/self/setgroups", "deny"}},
            {step::WriteFile{"/proc/self/uid_map", map_line(uid_inside(wish), uid)}},
            {step::WriteFile{"/proc/self/gid_map", map_line(gid_inside(wish), gid)}}};
}

Steps range_id_maps(Wish& wish) {
    if (!has_ranges(wish.spec)) return {};
    const auto through = wish.host.uid() == 0 ? step::WriteIdMaps::Through::proc
                                              : step::WriteIdMaps::Through::helpers;
    return {{step::WriteIdMaps{wish.spec.id_maps, through}}};
}

Steps session(Wish& wish) {
    Steps steps;
    if (wish.spec.new_session) steps.push_back({step::NewSession{}});
    // Here and not among the limits: the guest may have no /proc.
    if (wish.spec.oom_score_adjust) {
        steps.push_back({step::WriteFile{"/proc/self/oom_score_adj",
                                         std::to_string(*wish.spec.oom_score_adjust)}});
    }
    if (wish.spec.lock_mounts) steps.push_back({step::HoldProcSelf{}});
    return steps;
}

Steps stdio(Wish& wish) {
    if (enters(wish)) return {};
    return {{step::RedirectDescriptors{}}};
}

Steps pivot(Wish& wish) {
    if (!wish.spec.root || wish.spec.root->change == RootChange::chroot) return {};
    return {{step::Pivot{}}};
}

// A caller stays where it is, or is at the new root.
Steps working_directory(Wish& wish) {
    if (enters(wish)) return {};
    return {{step::ChangeDirectory{}}};
}

Steps proc_self(Wish& wish) {
    if (!enters(wish)) return {};
    // A clone of a mount takes CAP_SYS_ADMIN where the mount is.
    const bool cut_off = wish.spec.namespaces.mount || wish.host.is_privileged();
    return {{step::HoldProcSelf{}}, {step::OpenProcSelfFd{cut_off}}};
}

Steps mountinfo(Wish& wish) {
    if (!enters(wish)) return {};
    return {{step::OpenMountinfo{}}};
}

Steps loopback(Wish& wish) {
    if (!wish.spec.namespaces.net) return {};
    return {{step::BringUpLoopback{}}};
}

Steps hostname(Wish& wish) {
    Steps steps;
    if (!wish.spec.hostname.empty()) steps.push_back({step::SetHostname{wish.spec.hostname}});
    if (!wish.spec.domainname.empty()) {
        steps.push_back({step::SetDomainname{wish.spec.domainname}});
    }
    return steps;
}

Steps lock_mounts(Wish& wish) {
    if (!wish.spec.lock_mounts) return {};
    return {{step::LockMounts{uid_inside(wish), gid_inside(wish)}}};
}

Steps init(Wish& wish) {
    if (!has_init(wish.spec) || enters(wish)) return {};
    return {{step::StartInit{}}};
}

Steps entered_init(Wish& wish) {
    if (!has_init(wish.spec) || !enters(wish)) return {};
    return {{step::StartInit{}}};
}

Steps limits(Wish& wish) {
    Steps steps;
    for (const ResourceLimit& limit : wish.spec.limits)
        steps.push_back({step::SetLimit{limit}});
    if (wish.spec.cpu_affinity) steps.push_back({step::SetAffinity{*wish.spec.cpu_affinity}});
    if (wish.spec.personality) steps.push_back({step::SetPersonality{*wish.spec.personality}});
    for (const int signal : wish.spec.default_signals) {
        steps.push_back({step::DefaultSignal{signal}});
    }
    return steps;
}

Steps descriptors(Wish& wish) {
    if (!wish.spec.close_descriptors) return {};
    std::vector<int> keep = wish.spec.keep_descriptors;
    std::sort(keep.begin(), keep.end());
    return {{step::CloseDescriptors{std::move(keep), wish.spec.subject}}};
}

namespace {

// With no_new_privs the permitted set can only shrink. Without it a set-uid program or a file
// capability could bring back all that the bounding set still has.
bool needs_bound(const Spec& spec) {
    return spec.capabilities && !spec.no_new_privileges;
}

Steps become_ids(Wish& wish) {
    const Spec& spec = wish.spec;
    Steps steps;
    if (needs_bound(spec) && !spec.lock_mounts) {
        steps.push_back({step::BoundCapabilities{*spec.capabilities}});
    }
    // A single-id map has made the caller into the wanted ids already.
    if (spec.namespaces.user && !has_ranges(spec)) return steps;
    if (!spec.uid && !spec.gid && !spec.groups) return steps;
    const bool keep =
        spec.capabilities && *spec.capabilities != CapabilitySet::none() && uid_inside(wish) != 0;
    steps.push_back({step::SetIds{spec.uid, spec.gid, spec.groups, keep}});
    return steps;
}

}  // namespace

// The nested user namespace knows one id, and lets nobody set groups.
Steps identity_before_lock(Wish& wish) {
    return wish.spec.lock_mounts ? become_ids(wish) : Steps{};
}

Steps identity(Wish& wish) {
    return wish.spec.lock_mounts ? Steps{} : become_ids(wish);
}

Steps die_with_parent(Wish& wish) {
    return has_init(wish.spec) ? Steps{} : die_or_live_on(wish.spec);
}

// With an init it is the init that dies with the parent, and the kernel then ends the rest.
Steps init_dies_with_parent(Wish& wish) {
    return has_init(wish.spec) && !enters(wish) ? die_or_live_on(wish.spec) : Steps{};
}

Steps entered_init_dies_with_parent(Wish& wish) {
    return has_init(wish.spec) && enters(wish) ? die_or_live_on(wish.spec) : Steps{};
}

Steps capabilities(Wish& wish) {
    const Spec& spec = wish.spec;
    if (!spec.capabilities) return {};
    const bool some = *spec.capabilities != CapabilitySet::none();
    Steps steps;
    // A new user namespace, as the lock's, begins with a full bounding set.
    if (needs_bound(spec) && spec.lock_mounts) {
        steps.push_back({step::BoundCapabilities{*spec.capabilities}});
    }
    steps.push_back({step::KeepCapabilities{*spec.capabilities, some && uid_inside(wish) != 0}});
    return steps;
}

Steps privileges(Wish& wish) {
    if (!wish.spec.no_new_privileges) return {};
    return {{step::ForbidNewPrivileges{}}};
}

Steps seccomp(Wish& wish) {
    Steps steps;
    // First, and checked at once: a filter of the caller's may refuse what faking needs.
    if (wish.spec.fake_root) {
        steps.push_back({step::InstallSeccomp{SeccompProgram::fake_root(), "fake root"}});
        steps.push_back({step::CheckFakeRoot{}});
    }
    if (wish.spec.seccomp) steps.push_back({step::InstallSeccomp{*wish.spec.seccomp, {}}});
    return steps;
}

}  // namespace caisson::plan
