// SPDX-License-Identifier: Apache-2.0
//
// The filter of an allow list, run call by call as the kernel would run it.
#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include <cstring>
#include <set>

#include "caisson/policy.h"

namespace caisson {
namespace {

// The part of classic BPF that these programs are made of; anything else fails the test.
uint32_t verdict(const SeccompProgram& program, int call, uint32_t arch = AUDIT_ARCH_X86_64) {
    const seccomp_data data = {call, arch, 0, {}};
    uint32_t a = 0;
    for (size_t at = 0; at < program.instructions.size(); at++) {
        const sock_filter& one = program.instructions[at];
        switch (one.code) {
            case BPF_LD | BPF_W | BPF_ABS:
                memcpy(&a, reinterpret_cast<const char*>(&data) + one.k, sizeof a);
                break;
            case BPF_JMP | BPF_JEQ | BPF_K:
                at += a == one.k ? one.jt : one.jf;
                break;
            case BPF_JMP | BPF_JGE | BPF_K:
                at += a >= one.k ? one.jt : one.jf;
                break;
            case BPF_JMP | BPF_JA:
                at += one.k;
                break;
            case BPF_RET | BPF_K:
                return one.k;
            default:
                ADD_FAILURE() << "instruction " << at << " has the code " << one.code;
                return 0;
        }
    }
    ADD_FAILURE() << "runs over the end";
    return 0;
}

const std::set<int> always = {SYS_close,  SYS_exit_group,     SYS_futex,
                              SYS_munmap, SYS_rt_sigprocmask, SYS_rt_sigreturn};

void expect_exactly(const std::vector<int>& calls) {
    const Result<SeccompProgram> program = allow_list(calls, CallRefusal::kill);
    ASSERT_TRUE(program.ok());
    std::set<int> allowed(calls.begin(), calls.end());
    allowed.insert(always.begin(), always.end());
    for (int call = 0; call < 5000; call++) {
        const uint32_t wanted =
            allowed.contains(call) ? SECCOMP_RET_ALLOW : SECCOMP_RET_KILL_PROCESS;
        ASSERT_EQ(verdict(program.value(), call), wanted) << "call " << call;
    }
}

TEST(AllowList, LetsThroughWhatItHasAndNothingElse) {
    expect_exactly({});
    expect_exactly({SYS_read});
    expect_exactly({0, 1, 2, 400, 401, 300, 300});
    expect_exactly(file_server_calls());
}

TEST(AllowList, JumpsFurtherThanEightBitsWhereItIsLong) {
    std::vector<int> odd;
    for (int call = 1; call < 1200; call += 2)
        odd.push_back(call);
    expect_exactly(odd);
}

TEST(AllowList, RefusesOtherAbis) {
    const Result<SeccompProgram> program = allow_list({SYS_read}, CallRefusal::trap);
    ASSERT_TRUE(program.ok());
    EXPECT_EQ(verdict(program.value(), SYS_read, AUDIT_ARCH_I386), SECCOMP_RET_TRAP);
    EXPECT_EQ(verdict(program.value(), SYS_read | 0x40000000), SECCOMP_RET_TRAP) << "x32";
    EXPECT_EQ(verdict(program.value(), -1), SECCOMP_RET_TRAP);
}

TEST(AllowList, SaysWhatComesOfTheOthers) {
    const struct {
        CallRefusal refusal;
        uint32_t action;
    } table[] = {{CallRefusal::kill, SECCOMP_RET_KILL_PROCESS},
                 {CallRefusal::log, SECCOMP_RET_LOG},
                 {CallRefusal::trap, SECCOMP_RET_TRAP}};
    for (const auto& [refusal, action] : table) {
        const Result<SeccompProgram> program = allow_list({}, refusal);
        ASSERT_TRUE(program.ok());
        EXPECT_EQ(verdict(program.value(), SYS_read), action);
        EXPECT_EQ(verdict(program.value(), SYS_exit_group), SECCOMP_RET_ALLOW);
    }
}

TEST(AllowList, OfAFileServerHasNothingThatLeadsOut) {
    const std::vector<int> calls = file_server_calls();
    const std::set<int> allowed(calls.begin(), calls.end());
    for (const int call : {SYS_execve,
                           SYS_execveat,
                           SYS_ptrace,
                           SYS_mount,
                           SYS_move_mount,
                           SYS_open_tree,
                           SYS_setns,
                           SYS_unshare,
                           SYS_chroot,
                           SYS_pivot_root,
                           SYS_open_by_handle_at,
                           SYS_socket,
                           SYS_connect,
                           SYS_bind,
                           SYS_kill,
                           SYS_process_vm_readv,
                           SYS_pidfd_getfd,
                           SYS_bpf,
                           SYS_keyctl,
                           SYS_io_uring_setup,
                           SYS_userfaultfd,
                           SYS_init_module,
                           SYS_kexec_load,
                           SYS_reboot}) {
        EXPECT_FALSE(allowed.contains(call)) << call;
    }
}

TEST(AllowList, RefusesWhatIsNoListOfCalls) {
    EXPECT_EQ(allow_list({-1}, CallRefusal::kill).error().text(),
              "policy: allow_list \"-1\": is no system call's number");
    std::vector<int> every_third;
    for (int call = 0; call < 9000; call += 3)
        every_third.push_back(call);
    EXPECT_EQ(allow_list(every_third, CallRefusal::kill).error().text(),
              "policy: allow_list \"3000 calls\": make more than 4096 instructions");
}

}  // namespace
}  // namespace caisson
