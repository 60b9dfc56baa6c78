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
};

}  // namespace caisson
#pragma GCC visibility pop
