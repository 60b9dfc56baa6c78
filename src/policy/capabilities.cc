// SPDX-License-Identifier: Apache-2.0
#include <linux/capability.h>

#include <array>

#include "caisson/policy.h"

namespace caisson {
namespace {

// By number, include/uapi/linux/capability.h.
constexpr std::array<std::string_view, CapabilitySet::count> names = {"chown",
                                                                      "dac_override",
                                                                      "dac_read_search",
                                                                      "fowner",
                                                                      "fsetid",
                                                                      "kill",
                                                                      "setgid",
                                                                      "setuid",
                                                                      "setpcap",
                                                                      "linux_immutable",
                                                                      "net_bind_service",
                                                                      "net_broadcast",
                                                                      "net_admin",
                                                                      "net_raw",
                                                                      "ipc_lock",
                                                                      "ipc_owner",
                                                                      "sys_module",
                                                                      "sys_rawio",
                                                                      "sys_chroot",
                                                                      "sys_ptrace",
                                                                      "sys_pacct",
                                                                      "sys_admin",
                                                                      "sys_boot",
                                                                      "sys_nice",
                                                                      "sys_resource",
                                                                      "sys_time",
                                                                      "sys_tty_config",
                                                                      "mknod",
                                                                      "lease",
                                                                      "audit_write",
                                                                      "audit_control",
                                                                      "setfcap",
                                                                      "mac_override",
                                                                      "mac_admin",
                                                                      "syslog",
                                                                      "wake_alarm",
                                                                      "block_suspend",
                                                                      "audit_read",
                                                                      "perfmon",
                                                                      "bpf",
                                                                      "checkpoint_restore"};

constexpr uint64_t bit(int number) {
    return uint64_t{1} << number;
}

}  // namespace

CapabilitySet CapabilitySet::container_default() {
    return CapabilitySet(bit(CAP_CHOWN) | bit(CAP_DAC_OVERRIDE) | bit(CAP_FOWNER) |
                         bit(CAP_FSETID) | bit(CAP_KILL) | bit(CAP_SETGID) | bit(CAP_SETUID) |
                         bit(CAP_SETPCAP) | bit(CAP_NET_BIND_SERVICE) | bit(CAP_NET_RAW) |
                         bit(CAP_SYS_CHROOT) | bit(CAP_MKNOD) | bit(CAP_AUDIT_WRITE) |
                         bit(CAP_SETFCAP));
}

CapabilitySet CapabilitySet::file_server() {
    return CapabilitySet(bit(CAP_CHOWN) | bit(CAP_DAC_OVERRIDE) | bit(CAP_FOWNER) |
                         bit(CAP_FSETID) | bit(CAP_SETGID) | bit(CAP_SETUID) | bit(CAP_MKNOD) |
                         bit(CAP_SETFCAP));
}

std::optional<CapabilitySet> CapabilitySet::named(std::string_view name) {
    std::string lower;
    for (const char c : name)
        lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower == "all") return all();
    if (lower.starts_with("cap_")) lower.erase(0, 4);
    for (size_t i = 0; i < names.size(); i++) {
        if (names[i] == lower) return CapabilitySet(bit(static_cast<int>(i)));
    }
    return {};
}

std::string CapabilitySet::text() const {
    if (*this == none()) return "none";
    if (*this == all()) return "all";
    std::string out;
    for (size_t i = 0; i < names.size(); i++) {
        if (!has(static_cast<int>(i))) continue;
        if (!out.empty()) out += ',';
        out += names[i];
    }
    return out;
}

}  // namespace caisson
