// SPDX-License-Identifier: Apache-2.0
//
// Policies as immutable values: made and checked before the child exists, installed by it.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "caisson/error.h"

#pragma GCC visibility push(default)
namespace caisson {

// A set of Linux capabilities (capabilities(7)), one bit for each number.
class CapabilitySet {
  public:
    constexpr CapabilitySet() = default;
    constexpr explicit CapabilitySet(uint64_t bits) : bits_(bits) {}

    static constexpr CapabilitySet none() { return CapabilitySet(0); }
    static constexpr CapabilitySet all() { return CapabilitySet((uint64_t{1} << count) - 1); }
    // What docker and podman leave to root in a container: 14 of the 41, none of which reaches
    // beyond the container's own namespaces (SYS_ADMIN, SYS_PTRACE, NET_ADMIN … are not in it).
    static CapabilitySet container_default();

    // What a server of files needs to act for its users, each within the ids that it has: chown,
    // dac_override, fowner, fsetid, setgid, setuid, mknod, setfcap.
    static CapabilitySet file_server();

    // "chown", "CHOWN" and "CAP_CHOWN" all name capability 0. Empty where nothing has the name.
    static std::optional<CapabilitySet> named(std::string_view name);

    constexpr uint64_t bits() const { return bits_; }
    constexpr bool has(int number) const { return (bits_ >> number & 1) != 0; }
    constexpr CapabilitySet with(CapabilitySet other) const {
        return CapabilitySet(bits_ | other.bits_);
    }
    constexpr CapabilitySet without(CapabilitySet other) const {
        return CapabilitySet(bits_ & ~other.bits_);
    }
    constexpr bool operator==(const CapabilitySet&) const = default;

    // Lower-case names joined by commas; "none" and "all" for the two ends.
    std::string text() const;

    // CAP_CHECKPOINT_RESTORE (Linux 5.9) is the last one that the kernel knows as of 6.18.
    static constexpr int count = 41;

  private:
    uint64_t bits_ = 0;
};

// A seccomp filter, already compiled. The kernel takes at most 4,096 instructions (BPF_MAXINSNS).
struct SeccompProgram {
    std::vector<sock_filter> instructions;

    // Calls that only root may make (chown, setuid and their like, capset, mknod of devices)
    // return 0 and do nothing; all others are allowed. Made for x86-64 with x32 and i386, arm64,
    // arm, ppc64le, s390x and riscv64; other machines keep their calls as they are. No boundary: a
    // program that trusts setuid(2) to have given up an id still has it.
    static SeccompProgram fake_root();
    // One that was compiled elsewhere: an array of struct sock_filter in this machine's byte
    // order, as seccomp_export_bpf(3) writes it. What the instructions do is for the kernel to
    // check.
    static Result<SeccompProgram> from_bytes(std::string_view bytes);
};

// What comes of a system call that an allow list does not have.
enum class CallRefusal {
    kill,  // the process ends at once, by SIGSYS
    log,   // it is carried out and noted in the audit log: to find out what a list lacks
    trap,  // the thread gets SIGSYS, which it may handle
};

// A filter that lets the calls with these numbers (SYS_* of sys/syscall.h) through, in any order,
// and no other; nor a call of another ABI (32-bit, x32). Besides these are always allowed: close,
// exit_group, futex, munmap, rt_sigprocmask, rt_sigreturn. Arguments are not looked at. Errors: a
// number that is negative, or a list that makes more than BPF_MAXINSNS instructions.
Result<SeccompProgram> allow_list(const std::vector<int>& calls, CallRefusal refusal);

// What a server of files that uses threads calls on Linux with glibc or musl: files beneath `/`,
// their attributes and owners; sockets that are there already; threads; time. No new sockets, no
// program, no mounts, no signals to others, no open_by_handle_at(2). With threads comes clone(2),
// whose arguments nobody looks at here.
std::vector<int> file_server_calls();

}  // namespace caisson
#pragma GCC visibility pop
