// SPDX-License-Identifier: Apache-2.0
//
// Steps about who the program is and what it may do. Runs in the child.
#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>

#include "child/steps.h"

namespace caisson::child {

// Groups before gid before uid: each of them needs what the next one gives up.
Outcome run(const step::SetIds& step, Progress&) {
    int error = 0;
    if (step.keep_capabilities) error = sys::prctl(PR_SET_KEEPCAPS, 1);
    if (error < 0) return outcome_of(error, "prctl", "PR_SET_KEEPCAPS");
    if (step.groups) error = sys::setgroups(step.groups->size(), step.groups->data());
    if (error < 0) return outcome_of(error, "setgroups", "groups");
    if (step.gid) error = sys::setresgid(*step.gid);
    if (error < 0) return outcome_of(error, "setresgid", "gid");
    if (step.uid) error = sys::setresuid(*step.uid);
    return outcome_of(error, "setresuid", "uid");
}

Outcome run(const step::BoundCapabilities& step, Progress&) {
    for (unsigned number = 0; number < 64; number++) {
        if (step.kept.has(static_cast<int>(number))) continue;
        const int error = sys::prctl(PR_CAPBSET_DROP, number);
        if (error == -EINVAL) return done();  // beyond the last one that this kernel knows
        if (error < 0) return outcome_of(error, "prctl", "PR_CAPBSET_DROP");
    }
    return done();
}

namespace {

Outcome raise_ambient(CapabilitySet kept) {
    for (unsigned number = 0; number < 64; number++) {
        if (!kept.has(static_cast<int>(number))) continue;
        const int error = sys::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number);
        if (error < 0) return outcome_of(error, "prctl", "PR_CAP_AMBIENT_RAISE");
    }
    return done();
}

}  // namespace

Outcome run(const step::KeepCapabilities& step, Progress&) {
    const __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[2] = {};
    // Only what is there can be kept; asking for more would be EPERM.
    if (step.kept != CapabilitySet::none()) {
        const int error = sys::capget(header, data);
        if (error < 0) return outcome_of(error, "capget", "capabilities");
    }
    for (unsigned word = 0; word < 2; word++) {
        const auto kept = static_cast<uint32_t>(step.kept.bits() >> (32 * word));
        data[word].permitted &= kept;
        data[word].effective = data[word].permitted;
        data[word].inheritable = step.ambient ? data[word].permitted : 0;
    }
    const int error = sys::capset(header, data);
    if (error < 0) return outcome_of(error, "capset", "capabilities");
    const CapabilitySet left(data[0].permitted | uint64_t{data[1].permitted} << 32);
    return step.ambient ? raise_ambient(left) : done();
}

Outcome run(const step::ForbidNewPrivileges&, Progress&) {
    return outcome_of(sys::prctl(PR_SET_NO_NEW_PRIVS, 1), "prctl", "PR_SET_NO_NEW_PRIVS");
}

Outcome run(const step::InstallSeccomp& step, Progress&) {
    const auto& code = step.program.instructions;
    const sock_fprog program = {static_cast<unsigned short>(code.size()),
                                const_cast<sock_filter*>(code.data())};
    return outcome_of(sys::seccomp_filter(program), "seccomp", "filter");
}

// Root's own kexec_load(2) fails with these flags, and unloads a kernel with none.
Outcome run(const step::CheckFakeRoot&, Progress&) {
    return outcome_of(sys::kexec_load(0, nullptr, ~0UL), "kexec_load", "fake root");
}

}  // namespace caisson::child
