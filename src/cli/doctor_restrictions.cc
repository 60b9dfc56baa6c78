// SPDX-License-Identifier: Apache-2.0
//
// What may keep a user from making namespaces and mounts, each by the name it is known under.
#include <errno.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/doctor.h"

namespace caisson::cli {
namespace {

std::string own_path() {
    char path[PATH_MAX];
    const ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    return size > 0 ? std::string(path, static_cast<size_t>(size)) : "/usr/local/bin/caisson";
}

Finding look_at_proc(const Situation& situation) {
    if (access("/proc/self/status", R_OK) == 0) return {Verdict::ok, "/proc is mounted.", {}};
    return {situation.default_run ? Verdict::bad : Verdict::note,
            "/proc is not mounted, or belongs to another pid namespace.",
            "As root: mount -t proc proc /proc. Id maps are written there, and a run shows it."};
}

// Root of a container, whose namespaces somebody else has made.
Finding look_at_capabilities(const Situation& situation) {
    if (situation.uid != 0) return {Verdict::ok, "An ordinary user needs none.", {}};
    if (situation.may_mount) return {Verdict::ok, "This root has CAP_SYS_ADMIN.", {}};
    if (!situation.default_run) return {Verdict::ok, "This root runs as ordinary users do.", {}};
    return {Verdict::bad, "This root has no CAP_SYS_ADMIN, as in a container or a sandbox.",
            "Run caisson as an ordinary user there, or start the container with --cap-add "
            "SYS_ADMIN."};
}

Finding look_at_kernel_support(const Situation& situation) {
    if (access("/proc/self/ns/user", F_OK) == 0 || access("/proc/self/ns", F_OK) != 0) {
        return {Verdict::ok, "The kernel is built with user namespaces.", {}};
    }
    return {situation.of_restriction(), "The kernel is built without user namespaces.",
            "Boot a kernel that has CONFIG_USER_NS=y; without one only root can use caisson."};
}

// Debian's switch, and those of hardened kernels.
Finding look_at_userns_clone(const Situation& situation) {
    const auto value = number_of("/proc/sys/kernel/unprivileged_userns_clone");
    if (!value) return {Verdict::ok, "This kernel has no such switch.", {}};
    if (*value != 0) return {Verdict::ok, "The switch is on.", {}};
    return {situation.of_restriction(),
            "kernel.unprivileged_userns_clone is 0: ordinary users can't make user namespaces.",
            "As root: sysctl -w kernel.unprivileged_userns_clone=1, and the same line without "
            "`sysctl -w` in /etc/sysctl.d/50-userns.conf to keep it."};
}

// `refused`: what to make of a limit that stands in the way.
Finding look_at_limit(const Situation& situation, const std::string& name, const char* other,
                      Verdict refused) {
    const auto value = number_of(("/proc/sys/user/" + name).c_str());
    if (!value) return {Verdict::ok, "This kernel has no such limit.", {}};
    const std::string is = "user." + name + " is " + std::to_string(*value);
    const std::string remedy = "As root: sysctl -w user." + name +
                               "=15000, and the same setting in /etc/sysctl.d to keep it.";
    if (*value == 0) return {refused, is + ": none can be made.", remedy};
    if (situation.was_refused_with({ENOSPC}) && number_of(other) != 0) {
        return {refused, is + ", and that many are in use, or a namespace around allows fewer.",
                remedy};
    }
    return {Verdict::ok, is + ".", {}};
}

Finding look_at_user_limit(const Situation& situation) {
    return look_at_limit(situation, "max_user_namespaces", "/proc/sys/user/max_mnt_namespaces",
                         situation.of_restriction());
}

// Root needs a mount namespace as well.
Finding look_at_mount_limit(const Situation& situation) {
    return look_at_limit(situation, "max_mnt_namespaces", "/proc/sys/user/max_user_namespaces",
                         situation.default_run ? Verdict::bad : Verdict::note);
}

// Ubuntu 23.10 and later: a program without a profile may make a user namespace, and then has no
// capability in it.
Finding look_at_apparmor(const Situation& situation) {
    const auto value = number_of("/proc/sys/kernel/apparmor_restrict_unprivileged_userns");
    if (!value || *value == 0) {
        return {Verdict::ok, "AppArmor does not restrict user namespaces here.", {}};
    }
    if (!situation.default_run) {
        return {
            Verdict::ok,
            "AppArmor restricts user namespaces (kernel.apparmor_restrict_unprivileged_userns), "
            "and this program is allowed to use them.",
            {}};
    }
    const std::string program = own_path();
    return {situation.of_restriction(),
            "kernel.apparmor_restrict_unprivileged_userns is 1: only programs with an AppArmor "
            "profile may use user namespaces.",
            "As root, give " + program + " one: write the line `abi <abi/4.0>, profile caisson " +
                program +
                " flags=(unconfined) { userns, }` to /etc/apparmor.d/caisson and load it "
                "with apparmor_parser -r /etc/apparmor.d/caisson."};
}

// A container's profile (docker-default and the like) refuses mounts rather than namespaces.
Finding look_at_confinement(const Situation& situation) {
    auto profile = line_of("/proc/self/attr/apparmor/current");
    if (!profile && access("/sys/kernel/security/apparmor", F_OK) == 0) {
        profile = line_of("/proc/self/attr/current");
    }
    if (!profile || profile->empty() || profile->starts_with("unconfined")) {
        return {Verdict::ok, "No AppArmor profile confines this process.", {}};
    }
    const std::string is = "This process is confined by the AppArmor profile " + *profile + ".";
    if (!situation.was_refused_with({EPERM, EACCES})) return {Verdict::ok, is, {}};
    return {situation.of_restriction(), is,
            "If it is a container's, start that with --security-opt apparmor=unconfined; the "
            "kernel's log (journalctl -k -g apparmor) says what was refused."};
}

Finding look_at_selinux(const Situation& situation) {
    const auto enforcing = number_of("/sys/fs/selinux/enforce");
    if (!enforcing) return {Verdict::ok, "SELinux is not in use.", {}};
    if (*enforcing == 0) return {Verdict::ok, "SELinux only warns (permissive).", {}};
    if (!situation.was_refused_with({EACCES, EPERM})) {
        return {Verdict::ok, "SELinux is enforcing, and refuses nothing that a run needs.", {}};
    }
    return {situation.of_restriction(),
            "SELinux is enforcing and may be what refused the run (class user_namespace).",
            "As root: ausearch -m avc -ts recent says so; audit2allow -M caisson makes the module "
            "that allows it."};
}

Finding look_at_filter(const Situation& situation) {
    const auto mode = process_status("Seccomp");
    if (!mode || *mode == "0") return {Verdict::ok, "No seccomp filter holds this process.", {}};
    if (!situation.was_refused_with({EPERM, ENOSYS, EACCES, 0})) {
        return {Verdict::ok, "A seccomp filter holds this process, and lets a run through.", {}};
    }
    return {situation.of_restriction(),
            "A seccomp filter holds this process, as in a container, and may be what refused it.",
            "Start the container with a filter that allows unshare, mount, pivot_root, open_tree, "
            "move_mount, fsopen and mount_setattr, or with --security-opt seccomp=unconfined."};
}

// user_namespaces(7): no user namespace can be made from within a chroot(2).
bool is_in_chroot() {
    struct stat own {};
    struct stat first {};
    if (stat("/", &own) == 0 && stat("/proc/1/root/", &first) == 0) {
        return own.st_ino != first.st_ino || own.st_dev != first.st_dev;
    }
    // An ordinary user can't look there. What a chroot leaves visible has no mount at its own `/`
    // unless it was made on a mount point.
    const Result<std::string> table = file::read("/proc/self/mountinfo", "doctor");
    if (!table) return false;
    for (const std::string& line : text::split(table.value(), '\n')) {
        const std::vector<std::string> words = text::split(line, ' ');
        if (words.size() > 4 && words[4] == "/") return false;
    }
    return true;
}

Finding look_at_chroot(const Situation& situation) {
    if (!is_in_chroot()) return {Verdict::ok, "This process is not in a chroot.", {}};
    return {situation.of_restriction(),
            "This process is in a chroot, from where no user namespace can be made.",
            "Enter the directory with a mount namespace and pivot_root instead, as caisson run, "
            "bwrap and systemd-nspawn do."};
}

constexpr Check checks[] = {
    {"/proc", look_at_proc},
    {"capabilities", look_at_capabilities},
    {"CONFIG_USER_NS", look_at_kernel_support},
    {"userns_clone", look_at_userns_clone},
    {"user namespaces", look_at_user_limit},
    {"mount namespaces", look_at_mount_limit},
    {"AppArmor switch", look_at_apparmor},
    {"AppArmor profile", look_at_confinement},
    {"SELinux", look_at_selinux},
    {"seccomp filter", look_at_filter},
    {"chroot", look_at_chroot},
};

}  // namespace

std::span<const Check> restriction_checks() {
    return checks;
}

}  // namespace caisson::cli
