// SPDX-License-Identifier: Apache-2.0
//
// The fake-root filter, run for every machine that it knows.
#include "policy/fake_root.h"

#include <errno.h>
#include <seccomp.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <set>

#include "caisson/policy.h"
#include "unit/bpf_evaluator.h"
#include "unit/sandbox.h"

namespace caisson {
namespace {

using fake_root::calls;
using fake_root::When;

struct Architecture {
    const char* name;
    uint32_t token;  // libseccomp's
    uint32_t audit_arch;
    fake_root::Table table;
    bpf::Endian endian = bpf::Endian::little;
};

constexpr Architecture architectures[] = {
    {"x86_64", SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64, fake_root::x86_64},
    {"x32", SCMP_ARCH_X32, AUDIT_ARCH_X86_64, fake_root::x32},
    {"i386", SCMP_ARCH_X86, AUDIT_ARCH_I386, fake_root::i386},
    {"arm64", SCMP_ARCH_AARCH64, AUDIT_ARCH_AARCH64, fake_root::generic},
    {"riscv64", SCMP_ARCH_RISCV64, AUDIT_ARCH_RISCV64, fake_root::generic},
    {"arm", SCMP_ARCH_ARM, AUDIT_ARCH_ARM, fake_root::arm},
    {"ppc64le", SCMP_ARCH_PPC64LE, AUDIT_ARCH_PPC64LE, fake_root::ppc64le},
    {"s390x", SCMP_ARCH_S390X, AUDIT_ARCH_S390X, fake_root::s390x, bpf::Endian::big},
};

const std::vector<sock_filter>& filter() {
    static const SeccompProgram program = SeccompProgram::fake_root();
    return program.instructions;
}

uint32_t action(const Architecture& on, uint32_t number, std::array<uint64_t, 6> arguments = {}) {
    return evaluate(filter(), {number, on.audit_arch, on.endian, arguments}).action;
}

constexpr uint32_t faked = SECCOMP_RET_ERRNO | 0;

// libseccomp names a call that a machine lacks by a negative number of its own.
TEST(FakeRoot, NumbersAreThoseOfLibseccomp) {
    for (const Architecture& one : architectures) {
        for (const fake_root::Call& call : calls) {
            const int number = seccomp_syscall_resolve_name_arch(one.token, call.name);
            ASSERT_NE(number, __NR_SCMP_ERROR) << call.name;
            const uint32_t known = number < 0 ? fake_root::none : static_cast<uint32_t>(number);
            EXPECT_EQ(call.number[one.table], known) << call.name << " on " << one.name;
        }
    }
}

TEST(FakeRoot, EveryCallOfTheListReturnsZero) {
    for (const Architecture& one : architectures) {
        for (const fake_root::Call& call : calls) {
            const uint32_t number = call.number[one.table];
            if (number == fake_root::none || call.when != When::always) continue;
            EXPECT_EQ(action(one, number), faked) << call.name << " on " << one.name;
            EXPECT_EQ(action(one, number, {~0ULL, ~0ULL, ~0ULL}), faked) << call.name;
        }
    }
}

TEST(FakeRoot, EveryOtherCallIsAllowed) {
    for (const Architecture& one : architectures) {
        std::set<uint32_t> listed;
        for (const Architecture& other : architectures) {
            if (other.audit_arch != one.audit_arch) continue;
            for (const fake_root::Call& call : calls)
                listed.insert(call.number[other.table]);
        }
        for (const uint32_t base : {0U, fake_root::x32_bit, UINT32_MAX - 1023}) {
            for (uint32_t number = base; number - base < 1024; number++) {
                if (listed.contains(number)) continue;
                ASSERT_EQ(action(one, number), SECCOMP_RET_ALLOW) << one.name << " " << number;
            }
        }
    }
}

// Words beyond the mode's are whatever was in the register.
TEST(FakeRoot, DevicesAreFakedAndAllElseIsMade) {
    const struct {
        uint64_t mode;
        uint32_t action;
    } table[] = {{S_IFCHR | 0600, faked},
                 {S_IFBLK, faked},
                 {0xdead'0000'0000'0000 | S_IFBLK | 07777, faked},
                 {S_IFIFO | 0600, SECCOMP_RET_ALLOW},
                 {S_IFSOCK | 0777, SECCOMP_RET_ALLOW},
                 {S_IFREG, SECCOMP_RET_ALLOW},
                 {0644, SECCOMP_RET_ALLOW},
                 {S_IFDIR, SECCOMP_RET_ALLOW},
                 {uint64_t{S_IFCHR} << 32 | S_IFIFO, SECCOMP_RET_ALLOW}};
    for (const Architecture& one : architectures) {
        for (const fake_root::Call& call : calls) {
            const uint32_t number = call.number[one.table];
            if (number == fake_root::none || call.when == When::always) continue;
            for (const auto& row : table) {
                std::array<uint64_t, 6> arguments = {S_IFCHR, S_IFCHR, S_IFCHR, S_IFCHR};
                arguments[call.when == When::device_in_second ? 1 : 2] = row.mode;
                EXPECT_EQ(action(one, number, arguments), row.action)
                    << call.name << " on " << one.name << ", mode " << std::oct << row.mode;
            }
        }
    }
}

TEST(FakeRoot, AMachineThatIsNotInTheTableKeepsItsCalls) {
    for (const uint32_t unknown : {0U, AUDIT_ARCH_PPC64 + 0U, AUDIT_ARCH_MIPS64 + 0U, UINT32_MAX}) {
        for (uint32_t number = 0; number < 512; number++) {
            const SystemCall call = {number, unknown};
            ASSERT_EQ(evaluate(filter(), call).action, SECCOMP_RET_ALLOW) << number;
        }
    }
}

// What each call of a program pays on a kernel that does not remember what is always allowed (5.11
// does): a look at the machine, then a search.
TEST(FakeRoot, ACallIsDecidedInAFewSteps) {
    for (uint32_t number = 0; number < 512; number++) {
        const SystemCall call = {number, AUDIT_ARCH_X86_64};
        EXPECT_LE(evaluate(filter(), call).steps, 14U) << number;  // mknod: four for the mode
    }
}

class FakeRootHere : public Sandbox {};
INSTANTIATE_BOTH(FakeRootHere);

TEST_P(FakeRootHere, RootsCallsSucceed) {
    run([] {
        Spec spec = basic_spec();
        spec.fake_root = true;
        EXPECT_EQ(output_of(plan_for(spec), shell("chown 7:8 /proc/version && echo done")),
                  "done\n");
    });
}

// The check is a step of its own: with a filter that fakes nothing it ends the start.
TEST_P(FakeRootHere, AFilterThatDoesNotFakeIsFoundOut) {
    run([] {
        Spec spec = basic_spec();
        spec.fake_root = true;
        Plan plan = plan_for(spec);
        Phase phase = plan.phases().back();
        phase.steps.front() = {step::InstallSeccomp{{bpf::answer(SECCOMP_RET_ALLOW)}, {}}};
        ASSERT_TRUE(plan.replace("seccomp", phase).ok());
        const std::string words = failure_of(plan, shell("echo ran"));
        EXPECT_TRUE(words.starts_with("seccomp: kexec_load \"fake root\": ")) << words;
        EXPECT_TRUE(
            words.ends_with("(root's calls are not faked here: the filter does not know "
                            "this machine's architecture)"))
            << words;
    });
}

// Of two filters the one with the stronger answer counts.
TEST_P(FakeRootHere, AFilterOfTheCallersMayRefuseMore) {
    run([] {
        Spec spec = basic_spec();
        spec.fake_root = true;
        spec.seccomp = SeccompProgram{
            bpf::load(bpf::number_offset,
                      bpf::when_equal(SYS_fchownat, bpf::answer(SECCOMP_RET_ERRNO | EPERM),
                                      bpf::answer(SECCOMP_RET_ALLOW)))};
        EXPECT_EQ(output_of(plan_for(spec), shell("chown 7 / 2>/dev/null || echo refused")),
                  "refused\n");
    });
}

TEST(SeccompBytes, AreWholeInstructions) {
    const std::string one("\x06\0\0\0\0\0\xff\x7f", 8);  // allow everything
    const Result<SeccompProgram> program = SeccompProgram::from_bytes(one);
    ASSERT_TRUE(program.ok());
    ASSERT_EQ(program.value().instructions.size(), 1U);
    EXPECT_EQ(program.value().instructions[0].k, SECCOMP_RET_ALLOW);
    std::string many;
    for (int i = 0; i < BPF_MAXINSNS; i++)
        many += one;
    EXPECT_TRUE(SeccompProgram::from_bytes(many).ok());
    for (const std::string& wrong : {std::string(), one.substr(1), one + "x", many + one}) {
        EXPECT_FALSE(SeccompProgram::from_bytes(wrong).ok()) << wrong.size();
    }
}

}  // namespace
}  // namespace caisson
