// SPDX-License-Identifier: Apache-2.0
//
// Steps about the process: ids, names, limits, privileges.
#include <sched.h>
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

uint64_t namespace_flags(const Namespaces& wanted) {
    return (wanted.user ? CLONE_NEWUSER : 0U) | (wanted.mount ? CLONE_NEWNS : 0U) |
           (wanted.pid ? CLONE_NEWPID : 0U) | (wanted.net ? CLONE_NEWNET : 0U) |
           (wanted.ipc ? CLONE_NEWIPC : 0U) | (wanted.uts ? CLONE_NEWUTS : 0U) |
           (wanted.cgroup ? CLONE_NEWCGROUP : 0U) | (wanted.time ? CLONE_NEWTIME : 0U);
}

uint32_t uid_inside(const Wish& wish) {
    if (wish.spec.join) return wish.spec.join->uid;
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
    if (wish.spec.lock_mounts || wish.spec.offer_namespaces >= 0) {
        steps.push_back({step::HoldProcSelf{}});
    }
    return steps;
}

// Made while the host's paths are there.
Steps stdio(Wish& wish) {
    if (enters(wish)) return {};
    Steps steps = {{step::RedirectDescriptors{}}};
    for (const DescriptorFile& file : wish.spec.descriptor_files) {
        const bool never_executable = wish.host.has(KernelFeature::memfd_noexec);
        steps.push_back({step::GiveSealedFile{file, never_executable}});
    }
    return steps;
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

// For a program that may write to root's files. A user namespace makes it needless: who is root in
// one is a stranger to the executable's owner, and may not look into a process of another. A caller
// that enters is the program itself.
Steps executable(Wish& wish) {
    const Spec& spec = wish.spec;
    if (uid_inside(wish) != 0 && spec.capabilities == CapabilitySet::none()) return {};
    if (enters(wish) || !spec.root || spec.root->change == RootChange::chroot) return {};
    if (spec.namespaces.user || !wish.kernel.mount_trees) return {};
    if (!wish.host.can_exchange_executable()) return {};
    return {{step::ProtectExecutable{}, Tolerate::absence}};
}

Steps lock_mounts(Wish& wish) {
    if (!wish.spec.lock_mounts) return {};
    return {{step::LockMounts{uid_inside(wish), gid_inside(wish)}}};
}

Steps join(Wish& wish) {
    if (!wish.spec.join) return {};
    return {{step::JoinNamespaces{wish.spec.join->namespaces}}};
}

Steps offer(Wish& wish) {
    if (wish.spec.offer_namespaces < 0) return {};
    uint64_t kinds = namespace_flags(wish.spec.namespaces);
    if (wish.spec.lock_mounts) kinds |= CLONE_NEWUSER | CLONE_NEWNS;
    return {{step::OfferNamespaces{kinds, wish.spec.offer_namespaces}}};
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
    for (const DescriptorFile& file : wish.spec.descriptor_files) {
        if (file.descriptor > 2) keep.push_back(file.descriptor);
    }
    std::sort(keep.begin(), keep.end());
    return {{step::CloseDescriptors{std::move(keep), wish.spec.subject}}};
}

namespace {

// With no_new_privs the permitted set can only shrink. Without it a set-uid program or a file
// capability could bring back all that the bounding set still has.
bool forbids_new_privileges(const Spec& spec) {
    return spec.no_new_privileges || (spec.join && spec.join->no_new_privileges);
}

// Of those asked for no more than the sandbox has that is joined.
std::optional<CapabilitySet> kept_capabilities(const Spec& spec) {
    if (!spec.join) return spec.capabilities;
    const CapabilitySet asked = spec.capabilities.value_or(CapabilitySet::all());
    return CapabilitySet(asked.bits() & spec.join->capabilities.bits());
}

bool needs_bound(const Spec& spec) {
    return kept_capabilities(spec) && !forbids_new_privileges(spec);
}

bool keeps_capabilities(const Wish& wish) {
    return kept_capabilities(wish.spec).value_or(CapabilitySet::none()) != CapabilitySet::none() &&
           uid_inside(wish) != 0;
}

Steps become_ids(Wish& wish) {
    const Spec& spec = wish.spec;
    Steps steps;
    if (needs_bound(spec) && !spec.lock_mounts) {
        steps.push_back({step::BoundCapabilities{*kept_capabilities(spec)}});
    }
    if (spec.join) {
        const ExistingSandbox& there = *spec.join;
        if (there.sets_ids) {
            steps.push_back({step::SetIds{there.set_uid, there.set_gid, there.set_groups,
                                          keeps_capabilities(wish)}});
        }
        return steps;
    }
    // A single-id map has made the caller into the wanted ids already.
    if (spec.namespaces.user && !has_ranges(spec)) return steps;
    if (!spec.uid && !spec.gid && !spec.groups) return steps;
    steps.push_back({step::SetIds{spec.uid, spec.gid, spec.groups, keeps_capabilities(wish)}});
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
    const std::optional<CapabilitySet> kept = kept_capabilities(spec);
    if (!kept) return {};
    Steps steps;
    // A new user namespace, as the lock's, begins with a full bounding set.
    if (needs_bound(spec) && spec.lock_mounts) {
        steps.push_back({step::BoundCapabilities{*kept}});
    }
    steps.push_back({step::KeepCapabilities{*kept, keeps_capabilities(wish)}});
    return steps;
}

Steps privileges(Wish& wish) {
    if (!forbids_new_privileges(wish.spec)) return {};
    return {{step::ForbidNewPrivileges{}}};
}

Steps seccomp(Wish& wish) {
    Steps steps;
    // All of them hold: the kernel takes the strictest answer (seccomp(2)).
    if (wish.spec.join && wish.spec.join->seccomp) {
        steps.push_back({step::InstallSeccomp{*wish.spec.join->seccomp, {}}});
    }
    // First, and checked at once: a filter of the caller's may refuse what faking needs.
    if (wish.spec.fake_root) {
        steps.push_back({step::InstallSeccomp{SeccompProgram::fake_root(), "fake root"}});
        steps.push_back({step::CheckFakeRoot{}});
    }
    if (wish.spec.seccomp) steps.push_back({step::InstallSeccomp{*wish.spec.seccomp, {}}});
    return steps;
}

}  // namespace caisson::plan
