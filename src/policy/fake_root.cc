// SPDX-License-Identifier: Apache-2.0
//
// The fake-root filter: calls that only root may make "succeed" and do nothing, so that package
// managers, which give files to their owners, go on. It is no boundary and takes nothing away.
#include "policy/fake_root.h"

#include <sys/stat.h>

#include <algorithm>

#include "caisson/policy.h"

namespace caisson {
namespace {

using namespace fake_root;

constexpr bpf::Block allowed() {
    return bpf::answer(SECCOMP_RET_ALLOW);
}
constexpr bpf::Block faked() {
    return bpf::answer(SECCOMP_RET_ERRNO | 0);  // no error: the caller sees 0
}

// FIFOs, sockets and plain files need no privilege, and are really made.
constexpr bpf::Block faked_for_devices(uint32_t mode_index, bpf::Endian endian) {
    const bpf::Block is_device =
        bpf::when_equal(S_IFCHR, faked(), bpf::when_equal(S_IFBLK, faked(), allowed()));
    return bpf::load(bpf::argument_offset(mode_index, endian), bpf::bits(S_IFMT, is_device));
}

constexpr bpf::Block block_of(When when, bpf::Endian endian) {
    if (when == When::device_in_second) return faked_for_devices(1, endian);
    if (when == When::device_in_third) return faked_for_devices(2, endian);
    return faked();
}

constexpr bpf::Block filter_of(const Machine& machine) {
    std::vector<bpf::Chosen> chosen;
    for (const Call& call : calls) {
        for (const Table table : machine.tables) {
            const uint32_t number = call.number[table];
            if (number != none) chosen.push_back({number, block_of(call.when, machine.endian)});
            if (machine.tables[0] == machine.tables[1]) break;
        }
    }
    std::sort(chosen.begin(), chosen.end(),
              [](const bpf::Chosen& a, const bpf::Chosen& b) { return a.value < b.value; });
    return bpf::load(bpf::number_offset, bpf::choose(chosen, allowed()));
}

// A machine that is not in the table keeps all its calls, as they are: a filter that takes nothing
// away has nothing to protect there, and the check after the installation says that it is missing.
constexpr bpf::Block whole_filter() {
    bpf::Block rest = allowed();
    for (size_t i = std::size(machines); i-- > 0;) {
        rest = bpf::when_equal(machines[i].audit_arch, filter_of(machines[i]), rest);
    }
    return bpf::load(bpf::machine_offset, rest);
}

constexpr auto filter = bpf::frozen<whole_filter>();
static_assert(filter.size() <= BPF_MAXINSNS);

}  // namespace

SeccompProgram SeccompProgram::fake_root() {
    return {{filter.begin(), filter.end()}};
}

}  // namespace caisson
