// SPDX-License-Identifier: Apache-2.0
//
// What this kernel has. Where it lacks something, the plan takes an older way.
#include <stdlib.h>
#include <sys/utsname.h>

#include "caisson/mem_file.h"
#include "cli/doctor.h"
#include "sys/call.h"

namespace caisson::cli {
namespace {

Finding look_at_version(const Situation&) {
    utsname name{};
    uname(&name);
    char* end = nullptr;
    const long major = strtol(name.release, &end, 10);
    const long minor = *end == '.' ? strtol(end + 1, nullptr, 10) : 0;
    const std::string is = std::string("Linux ") + name.release;
    if (major < 4 || (major == 4 && minor < 18)) {
        return {Verdict::note, is + " is older than 4.18, the oldest that caisson is made for.",
                "Take a newer kernel."};
    }
    if (major < 5 || (major == 5 && minor < 12)) {
        return {Verdict::note, is + " works, in the older ways that the lines below name.",
                "Linux 5.12 or later has the newer ones."};
    }
    return {Verdict::ok, is + ".", {}};
}

Finding look_at_feature(const Situation& situation, KernelFeature feature, const std::string& names,
                        const char* since, const char* instead) {
    if (situation.host.has(feature)) return {Verdict::ok, names + " can be used.", {}};
    return {Verdict::note, names + " can't be used; " + instead + ".",
            std::string("Linux ") + since + " has it; a container's seccomp filter may hide it."};
}

Finding look_at_mount_trees(const Situation& situation) {
    return look_at_feature(situation, KernelFeature::mount_trees,
                           "open_tree, fsopen and mount_setattr", "5.12",
                           "mount(2) takes their place, and restricts a mount after attaching it");
}
Finding look_at_openat2(const Situation& situation) {
    return look_at_feature(situation, KernelFeature::openat2, "openat2", "5.6",
                           "paths in the image are walked one component at a time");
}
Finding look_at_close_range(const Situation& situation) {
    return look_at_feature(situation, KernelFeature::close_range,
                           "close_range with CLOSE_RANGE_CLOEXEC", "5.11",
                           "descriptors are closed one by one");
}
Finding look_at_clone3(const Situation& situation) {
    return look_at_feature(situation, KernelFeature::clone3, "clone3", "5.5",
                           "clone(2) takes its place, and --private time does not work");
}
Finding look_at_pidfd(const Situation& situation) {
    return look_at_feature(situation, KernelFeature::pidfd, "pidfd_open", "5.3",
                           "a sandbox is known by its process id");
}
Finding look_at_open_tree_attr(const Situation& situation) {
    return look_at_feature(situation, KernelFeature::open_tree_attr, "open_tree_attr", "6.15",
                           "each mount takes a system call more");
}

Finding look_at_landlock(const Situation&) {
    constexpr long create_ruleset = 444;  // landlock_create_ruleset(2), alike on all machines
    const long abi = sys::raw(create_ruleset, 0, 0, 1 /* LANDLOCK_CREATE_RULESET_VERSION */);
    if (abi > 0) {
        return {Verdict::ok,
                "Landlock has ABI " + std::to_string(abi) + ". (No option of caisson uses it yet.)",
                {}};
    }
    return {Verdict::note, "Landlock is not in use here. (No option of caisson needs it yet.)",
            "Linux 5.13 with landlock in the lsm= list of the kernel's command line has it."};
}

Finding look_at_seccomp(const Situation&) {
    constexpr uint32_t kill_process = 0x80000000;  // SECCOMP_RET_KILL_PROCESS of linux/seccomp.h
    const long answer =
        sys::raw(SYS_seccomp, 2 /* SECCOMP_GET_ACTION_AVAIL */, 0, sys::arg(&kill_process));
    if (answer == 0) return {Verdict::ok, "Seccomp filters can be installed.", {}};
    return {Verdict::note, "Seccomp filters can't be installed.",
            "The kernel needs CONFIG_SECCOMP_FILTER=y. Only Specs that carry a filter need it."};
}

Finding look_at_memfd(const Situation&) {
    const bool works = MemFile::create("caisson-doctor").ok();
    const auto value = number_of("/proc/sys/vm/memfd_noexec");
    const std::string setting = value ? " (vm.memfd_noexec is " + std::to_string(*value) + ")" : "";
    if (works) return {Verdict::ok, "Memory files can be made" + setting + ".", {}};
    return {Verdict::note, "Memory files can't be made" + setting + ".",
            "A container's seccomp filter has to allow memfd_create(2)."};
}

Finding look_at_no_new_privs(const Situation&) {
    if (process_status("NoNewPrivs") != "1") {
        return {Verdict::ok, "no_new_privs is not set on this process; a run sets it.", {}};
    }
    return {Verdict::ok, "no_new_privs is set on this process already, as a run would.", {}};
}

Finding look_at_ptrace(const Situation&) {
    const auto scope = number_of("/proc/sys/kernel/yama/ptrace_scope");
    if (!scope)
        return {Verdict::ok, "Yama is not in use: a user may debug all processes of its own.", {}};
    const std::string is = "kernel.yama.ptrace_scope is " + std::to_string(*scope);
    switch (*scope) {
        case 0:
            return {Verdict::ok, is + ": a user may debug all processes of its own.", {}};
        case 1:
            return {Verdict::ok, is + ": a user may debug its processes' descendants.", {}};
        case 2:
            return {Verdict::note, is + ": only root may debug, also in a sandbox.",
                    "As root: sysctl -w kernel.yama.ptrace_scope=1, to use strace in one."};
        default:
            return {Verdict::note, is + ": nobody may debug, also in a sandbox.",
                    "It can't be undone before the next boot."};
    }
}

constexpr Check checks[] = {
    {"version", look_at_version},
    {"mount trees", look_at_mount_trees},
    {"openat2", look_at_openat2},
    {"close_range", look_at_close_range},
    {"clone3", look_at_clone3},
    {"pidfd", look_at_pidfd},
    {"open_tree_attr", look_at_open_tree_attr},
    {"Landlock", look_at_landlock},
    {"seccomp", look_at_seccomp},
    {"memory files", look_at_memfd},
    {"no_new_privs", look_at_no_new_privs},
    {"ptrace", look_at_ptrace},
};

}  // namespace

std::span<const Check> kernel_checks() {
    return checks;
}

}  // namespace caisson::cli
