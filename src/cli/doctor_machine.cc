// SPDX-License-Identifier: Apache-2.0
//
// Devices, control groups and limits of this machine.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "caisson/fd.h"
#include "cli/doctor.h"

namespace caisson::cli {
namespace {

// A device that a program in the sandbox may want, seen through the host's /dev.
Finding look_at_device(const std::string& path, const std::string& module, const std::string& use) {
    struct stat found {};
    if (stat(path.c_str(), &found) < 0) {
        return {Verdict::note, path + " is not there" + use + ".",
                "As root: modprobe " + module + "."};
    }
    const Fd fd(open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK));
    if (fd) return {Verdict::ok, path + " can be opened.", {}};
    const std::string why = strerrordesc_np(errno);
    if (errno == EACCES) {
        return {Verdict::note, path + " can't be opened by this user" + use + ".",
                "As root: chmod 666 " + path + ", which is how udev makes it."};
    }
    return {Verdict::note, path + " can't be opened" + use + ": " + why + ".",
            "In a container the device has to be given to it: --device " + path + "."};
}

Finding look_at_fuse(const Situation&) {
    return look_at_device("/dev/fuse", "fuse", ", which file systems in user space need");
}

Finding look_at_tun(const Situation&) {
    return look_at_device("/dev/net/tun", "tun", ", which user-mode networks need");
}

constexpr long cgroup2_magic = 0x63677270;  // CGROUP2_SUPER_MAGIC of linux/magic.h

bool is_cgroup2(const char* path) {
    struct statfs found {};
    return statfs(path, &found) == 0 && found.f_type == cgroup2_magic;
}

// The caller's group in the second hierarchy.
std::optional<std::string> own_group() {
    const Result<std::string> table = file::read("/proc/self/cgroup", "doctor");
    if (!table) return {};
    for (const std::string& line : text::split(table.value(), '\n')) {
        if (line.starts_with("0::")) return line.substr(3);
    }
    return {};
}

bool is_delegated(const std::string& directory) {
    return access(directory.c_str(), W_OK) == 0 &&
           access((directory + "/cgroup.procs").c_str(), W_OK) == 0;
}

Finding look_at_cgroups(const Situation& situation) {
    const std::string unused = " (No option of caisson sets limits of a group yet.)";
    if (!is_cgroup2("/sys/fs/cgroup")) {
        const bool mixed = is_cgroup2("/sys/fs/cgroup/unified");
        return {Verdict::note,
                mixed ? "Control groups are version 1, with an unused version 2 beside it."
                      : "Control groups of version 2 are not mounted at /sys/fs/cgroup.",
                "Boot with systemd.unified_cgroup_hierarchy=1." + unused};
    }
    const std::string uid = std::to_string(situation.uid);
    std::vector<std::string> groups;
    if (const auto own = own_group()) groups.push_back(*own == "/" ? "" : *own);
    groups.push_back("/user.slice/user-" + uid + ".slice/user@" + uid + ".service");
    for (const std::string& group : groups) {
        if (!is_delegated("/sys/fs/cgroup" + group)) continue;
        return {Verdict::ok,
                "Control groups are version 2, and " + (group.empty() ? "/" : group) +
                    " is this user's to divide.",
                {}};
    }
    return {Verdict::note, "Control groups are version 2, and none is this user's to divide.",
            "systemd-run --user --scope -p Delegate=yes COMMAND gives it one." + unused};
}

Finding look_at_namespace_limits(const Situation&) {
    std::vector<std::string> none;
    for (const char* name : {"pid", "net", "ipc", "uts", "cgroup", "time"}) {
        const std::string sysctl = std::string("max_") + name + "_namespaces";
        if (number_of(("/proc/sys/user/" + sysctl).c_str()) == 0) none.push_back("user." + sysctl);
    }
    if (none.empty()) return {Verdict::ok, "Namespaces of every kind may be made.", {}};
    return {Verdict::note, text::join(none, ", ") + (none.size() == 1 ? " is 0." : " are 0."),
            "As root: sysctl -w " + none.front() + "=15000. --private needs them."};
}

constexpr Check checks[] = {
    {"/dev/fuse", look_at_fuse},
    {"/dev/net/tun", look_at_tun},
    {"control groups", look_at_cgroups},
    {"namespace limits", look_at_namespace_limits},
};

}  // namespace

std::span<const Check> machine_checks() {
    return checks;
}

}  // namespace caisson::cli
