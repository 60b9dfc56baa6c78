// SPDX-License-Identifier: Apache-2.0
//
// A list of system calls as a classic BPF program: a binary search over the gaps and runs of
// numbers, so that a call is decided in about seven comparisons and not in as many as the list has.
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/syscall.h>

#include <algorithm>
#include <span>

#include "caisson/policy.h"

namespace caisson {
namespace {

using Code = std::vector<sock_filter>;

constexpr int always[] = {SYS_close,  SYS_exit_group,     SYS_futex,
                          SYS_munmap, SYS_rt_sigprocmask, SYS_rt_sigreturn};

// From `begin` on, up to the next one, all numbers fare alike.
struct Stretch {
    uint32_t begin;
    uint32_t action;
};

uint32_t action_of(CallRefusal refusal) {
    switch (refusal) {
        case CallRefusal::kill:
            return SECCOMP_RET_KILL_PROCESS;
        case CallRefusal::log:
            return SECCOMP_RET_LOG;
        case CallRefusal::trap:
            return SECCOMP_RET_TRAP;
    }
    return SECCOMP_RET_KILL_PROCESS;
}

std::vector<Stretch> stretches_of(const std::vector<int>& sorted, uint32_t refusal) {
    std::vector<Stretch> stretches;
    uint32_t next = 0;
    for (const int call : sorted) {
        const auto number = static_cast<uint32_t>(call);
        if (number > next || stretches.empty()) {
            if (number > next) stretches.push_back({next, refusal});
            stretches.push_back({number, SECCOMP_RET_ALLOW});
        }
        next = number + 1;
    }
    stretches.push_back({next, refusal});
    return stretches;
}

void append(Code& code, const Code& more) {
    code.insert(code.end(), more.begin(), more.end());
}

Code search(std::span<const Stretch> among) {
    if (among.size() == 1) return {BPF_STMT(BPF_RET | BPF_K, among[0].action)};
    const size_t half = among.size() / 2;
    const Code below = search(among.first(half));
    const uint32_t pivot = among[half].begin;
    const auto skipped = static_cast<uint32_t>(below.size());
    Code code;
    if (skipped <= 255) {
        code.push_back(
            BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, pivot, static_cast<uint8_t>(skipped), 0));
    } else {  // a conditional jump has eight bits for where it leads, an unconditional one 32
        code.push_back(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, pivot, 0, 1));
        code.push_back(BPF_STMT(BPF_JMP | BPF_JA, skipped));
    }
    append(code, below);
    append(code, search(among.subspan(half)));
    return code;
}

}  // namespace

Result<SeccompProgram> allow_list(const std::vector<int>& calls, CallRefusal refusal) {
    std::vector<int> sorted = calls;
    sorted.insert(sorted.end(), std::begin(always), std::end(always));
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    if (sorted.front() < 0) {
        return Error{
            "policy", "allow_list", std::to_string(sorted.front()), 0, "is no system call's number",
            {}};
    }
    const uint32_t refused = action_of(refusal);
    Code code = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, refused),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
    };
    append(code, search(stretches_of(sorted, refused)));
    if (code.size() > BPF_MAXINSNS) {
        return Error{"policy",
                     "allow_list",
                     std::to_string(calls.size()) + " calls",
                     0,
                     "make more than 4096 instructions",
                     {}};
    }
    return SeccompProgram{std::move(code)};
}

std::vector<int> file_server_calls() {
    return {// files
            SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_pwrite64, SYS_preadv,
            SYS_pwritev, SYS_preadv2, SYS_pwritev2, SYS_lseek, SYS_sendfile, SYS_splice,
            SYS_copy_file_range, SYS_open, SYS_openat, SYS_openat2, SYS_close_range, SYS_creat,
            SYS_fcntl, SYS_dup, SYS_dup2, SYS_dup3, SYS_pipe2, SYS_flock, SYS_fsync, SYS_fdatasync,
            SYS_syncfs, SYS_sync_file_range, SYS_ftruncate, SYS_truncate, SYS_fallocate,
            SYS_fadvise64, SYS_readahead, SYS_umask, SYS_ioctl,
            // names and attributes
            SYS_stat, SYS_lstat, SYS_fstat, SYS_newfstatat, SYS_statx, SYS_statfs, SYS_fstatfs,
            SYS_access, SYS_faccessat, SYS_faccessat2, SYS_readlink, SYS_readlinkat, SYS_getdents64,
            SYS_getcwd, SYS_chdir, SYS_fchdir, SYS_mkdir, SYS_mkdirat, SYS_mknodat, SYS_rmdir,
            SYS_unlink, SYS_unlinkat, SYS_rename, SYS_renameat, SYS_renameat2, SYS_link, SYS_linkat,
            SYS_symlink, SYS_symlinkat, SYS_chmod, SYS_fchmod, SYS_fchmodat, SYS_chown, SYS_fchown,
            SYS_lchown, SYS_fchownat, SYS_utimensat, SYS_getxattr, SYS_lgetxattr, SYS_fgetxattr,
            SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, SYS_listxattr, SYS_llistxattr,
            SYS_flistxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr, SYS_inotify_init1,
            SYS_inotify_add_watch, SYS_inotify_rm_watch,
            // on whose behalf
            SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getgroups, SYS_getresuid,
            SYS_getresgid, SYS_setresuid, SYS_setresgid, SYS_setfsuid, SYS_setfsgid, SYS_setgroups,
            SYS_capget, SYS_capset,
            // sockets that were made before
            SYS_accept, SYS_accept4, SYS_listen, SYS_recvfrom, SYS_recvmsg, SYS_recvmmsg,
            SYS_sendto, SYS_sendmsg, SYS_sendmmsg, SYS_shutdown, SYS_getsockname, SYS_getpeername,
            SYS_getsockopt, SYS_setsockopt,
            // waiting
            SYS_poll, SYS_ppoll, SYS_select, SYS_pselect6, SYS_epoll_create1, SYS_epoll_ctl,
            SYS_epoll_wait, SYS_epoll_pwait, SYS_epoll_pwait2, SYS_eventfd2, SYS_signalfd4,
            SYS_timerfd_create, SYS_timerfd_settime, SYS_timerfd_gettime, SYS_nanosleep,
            SYS_clock_nanosleep, SYS_clock_gettime, SYS_clock_getres, SYS_gettimeofday, SYS_time,
            SYS_restart_syscall, SYS_pause,
            // memory
            SYS_brk, SYS_mmap, SYS_mremap, SYS_mprotect, SYS_madvise, SYS_msync, SYS_mincore,
            SYS_membarrier, SYS_memfd_create,
            // threads and signals of one's own
            SYS_clone, SYS_clone3, SYS_exit, SYS_set_robust_list, SYS_get_robust_list, SYS_rseq,
            SYS_set_tid_address, SYS_arch_prctl, SYS_gettid, SYS_getpid, SYS_getppid, SYS_tgkill,
            SYS_rt_sigaction, SYS_rt_sigpending, SYS_rt_sigsuspend, SYS_rt_sigtimedwait,
            SYS_sigaltstack, SYS_sched_yield, SYS_sched_getaffinity, SYS_sched_setaffinity,
            SYS_getrlimit, SYS_prlimit64, SYS_getrusage, SYS_sysinfo, SYS_uname, SYS_getrandom,
            SYS_prctl, SYS_getcpu};
}

}  // namespace caisson
