// SPDX-License-Identifier: Apache-2.0
//
// Typed kernel calls. Each returns the kernel's own result: a value of 0 or more, or -errno.
// Runs in the parent and in the child; allocates nothing, touches no errno, takes no lock.
#pragma once

#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/mount.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "sys/constants.h"
#include "sys/raw.h"

namespace caisson::sys {

inline long arg(const void* pointer) {
    return reinterpret_cast<long>(pointer);
}

// --- descriptors and files
inline int openat(int dir, const char* path, int flags, mode_t mode = 0) {
    return static_cast<int>(raw(SYS_openat, dir, arg(path), flags | O_CLOEXEC, mode));
}
inline int openat2(int dir, const char* path, const open_how& how) {
    return static_cast<int>(raw(SYS_openat2, dir, arg(path), arg(&how), sizeof how));
}
inline int close(int fd) {
    return static_cast<int>(raw(SYS_close, fd));
}
inline int close_range(unsigned first, unsigned last, unsigned flags) {
    return static_cast<int>(raw(SYS_close_range, first, last, flags));
}
// Of different descriptors.
inline int dup2(int from, int to) {
    return static_cast<int>(raw(SYS_dup3, from, to, 0));
}
inline int fcntl(int fd, int command, long value = 0) {
    return static_cast<int>(raw(SYS_fcntl, fd, command, value));
}
inline long read(int fd, void* buffer, size_t size) {
    return raw(SYS_read, fd, arg(buffer), static_cast<long>(size));
}
inline long write(int fd, const void* data, size_t size) {
    return raw(SYS_write, fd, arg(data), static_cast<long>(size));
}
inline int pipe2(int* ends, int flags) {
    return static_cast<int>(raw(SYS_pipe2, arg(ends), flags));
}
inline long readlinkat(int dir, const char* path, char* buffer, size_t size) {
    return raw(SYS_readlinkat, dir, arg(path), arg(buffer), static_cast<long>(size));
}
inline int memfd_create(const char* name, unsigned flags) {
    return static_cast<int>(raw(SYS_memfd_create, arg(name), flags));
}
inline long sendfile(int to, int from, size_t most) {
    return raw(SYS_sendfile, to, from, 0, static_cast<long>(most));
}
inline long rewind(int fd) {
    return raw(SYS_lseek, fd, 0, 0 /* SEEK_SET */);
}
inline int mkdirat(int dir, const char* path, mode_t mode) {
    return static_cast<int>(raw(SYS_mkdirat, dir, arg(path), mode));
}
inline int mknodat(int dir, const char* path, mode_t mode) {
    return static_cast<int>(raw(SYS_mknodat, dir, arg(path), mode, 0));
}
inline int symlinkat(const char* target, int dir, const char* path) {
    return static_cast<int>(raw(SYS_symlinkat, arg(target), dir, arg(path)));
}
inline int unlinkat(int dir, const char* path) {
    return static_cast<int>(raw(SYS_unlinkat, dir, arg(path), 0));
}
inline int fchmod(int fd, mode_t mode) {
    return static_cast<int>(raw(SYS_fchmod, fd, mode));
}
inline int fchmodat(int dir, const char* path, mode_t mode) {
    return static_cast<int>(raw(SYS_fchmodat, dir, arg(path), mode));
}
// A link itself, not what it leads to.
inline int fchownat(int dir, const char* path, uid_t uid, gid_t gid) {
    return static_cast<int>(raw(SYS_fchownat, dir, arg(path), uid, gid, AT_SYMLINK_NOFOLLOW));
}
inline int faccessat(int dir, const char* path, int mode) {
    return static_cast<int>(raw(SYS_faccessat, dir, arg(path), mode));
}
inline int fstatat(int dir, const char* path, struct stat& result, int flags) {
    return static_cast<int>(raw(SYS_newfstatat, dir, arg(path), arg(&result), flags));
}

// --- directories and roots
inline int chdir(const char* path) {
    return static_cast<int>(raw(SYS_chdir, arg(path)));
}
inline int fchdir(int dir) {
    return static_cast<int>(raw(SYS_fchdir, dir));
}
inline int chroot(const char* path) {
    return static_cast<int>(raw(SYS_chroot, arg(path)));
}
inline int pivot_root(const char* root, const char* old) {
    return static_cast<int>(raw(SYS_pivot_root, arg(root), arg(old)));
}

// --- mounts: make, restrict, attach
inline int open_tree(int dir, const char* path, unsigned flags) {
    return static_cast<int>(raw(SYS_open_tree, dir, arg(path), flags | OPEN_TREE_CLOEXEC));
}
inline int open_tree_attr(int dir, const char* path, unsigned flags, const mount_attr& attr) {
    return static_cast<int>(raw(SYS_open_tree_attr, dir, arg(path), flags | OPEN_TREE_CLOEXEC,
                                arg(&attr), sizeof attr));
}
inline int mount_setattr(int dir, const char* path, unsigned flags, const mount_attr& attr) {
    return static_cast<int>(raw(SYS_mount_setattr, dir, arg(path), flags, arg(&attr), sizeof attr));
}
inline int move_mount(int from_dir, const char* from, int to_dir, const char* to, unsigned flags) {
    return static_cast<int>(raw(SYS_move_mount, from_dir, arg(from), to_dir, arg(to), flags));
}
inline int fsopen(const char* type) {
    return static_cast<int>(raw(SYS_fsopen, arg(type), FSOPEN_CLOEXEC));
}
inline int fsconfig(int fs, unsigned command, const char* key, const char* value) {
    return static_cast<int>(raw(SYS_fsconfig, fs, command, arg(key), arg(value), 0));
}
inline int fsmount(int fs, unsigned attributes) {
    return static_cast<int>(raw(SYS_fsmount, fs, FSMOUNT_CLOEXEC, attributes));
}
inline int mount(const char* source, const char* target, const char* type, unsigned long flags,
                 const char* data) {
    return static_cast<int>(
        raw(SYS_mount, arg(source), arg(target), arg(type), static_cast<long>(flags), arg(data)));
}
inline int umount2(const char* target, int flags) {
    return static_cast<int>(raw(SYS_umount2, arg(target), flags));
}

// --- memory. Each gives an address, or -errno.
inline long mmap(const void* at, size_t size, int protection, int flags, int fd, size_t offset) {
    return raw(SYS_mmap, arg(at), static_cast<long>(size), protection, flags, fd,
               static_cast<long>(offset));
}
inline long mremap(long from, size_t size, int flags, const void* to) {
    return raw(SYS_mremap, from, static_cast<long>(size), static_cast<long>(size), flags, arg(to));
}
inline int mprotect(const void* at, size_t size, int protection) {
    return static_cast<int>(raw(SYS_mprotect, arg(at), static_cast<long>(size), protection));
}

// --- processes and namespaces
inline int unshare(uint64_t flags) {
    return static_cast<int>(raw(SYS_unshare, static_cast<long>(flags)));
}
inline int setns(int fd, uint64_t kind) {
    return static_cast<int>(raw(SYS_setns, fd, static_cast<long>(kind)));
}
inline long execve(const char* path, const char* const* argv, const char* const* envp) {
    return raw(SYS_execve, arg(path), arg(argv), arg(envp));
}
[[noreturn]] inline void exit(int status) {
    for (;;)
        raw(SYS_exit_group, status);
}
inline pid_t getpid() {
    return static_cast<pid_t>(raw(SYS_getpid));
}
inline pid_t getppid() {
    return static_cast<pid_t>(raw(SYS_getppid));
}
inline pid_t gettid() {
    return static_cast<pid_t>(raw(SYS_gettid));
}
inline int setpgid() {  // a process group of its own
    return static_cast<int>(raw(SYS_setpgid, 0, 0));
}
inline int kill(pid_t pid, int signal) {
    return static_cast<int>(raw(SYS_kill, pid, signal));
}
inline pid_t wait4(pid_t pid, int* status, int options) {
    return static_cast<pid_t>(raw(SYS_wait4, pid, arg(status), options, 0));
}
inline int pidfd_open(pid_t pid) {
    return static_cast<int>(raw(SYS_pidfd_open, pid, 0));
}
inline int pidfd_send_signal(int pidfd, int signal) {
    return static_cast<int>(raw(SYS_pidfd_send_signal, pidfd, signal, 0, 0));
}
inline int poll(pollfd* fds, unsigned count, const timespec* timeout) {
    return static_cast<int>(raw(SYS_ppoll, arg(fds), count, arg(timeout), 0, 0));
}
inline int prctl(int option, unsigned long a = 0, unsigned long b = 0, unsigned long c = 0,
                 unsigned long d = 0) {
    return static_cast<int>(raw(SYS_prctl, option, static_cast<long>(a), static_cast<long>(b),
                                static_cast<long>(c), static_cast<long>(d)));
}
inline int get_robust_list(const void** head, size_t* size) {
    return static_cast<int>(raw(SYS_get_robust_list, 0, arg(head), arg(size)));
}
inline int set_robust_list(const void* head, size_t size) {
    return static_cast<int>(raw(SYS_set_robust_list, arg(head), static_cast<long>(size)));
}

// --- signals. The kernel's sigset is 8 bytes, libc's 128.
inline int sigprocmask(int how, const sigset_t* set, sigset_t* old) {
    return static_cast<int>(raw(SYS_rt_sigprocmask, how, arg(set), arg(old), 8));
}
inline int sigtimedwait(const sigset_t& set, siginfo_t& info, const timespec* timeout) {
    return static_cast<int>(raw(SYS_rt_sigtimedwait, arg(&set), arg(&info), arg(timeout), 8));
}
// Back to SIG_DFL. The kernel's struct: handler, flags, restorer, mask.
inline int default_signal(int signal) {
    const unsigned long action[4] = {};
    return static_cast<int>(raw(SYS_rt_sigaction, signal, arg(action), 0, 8));
}
inline int signal_action(int signal, unsigned long* action) {
    return static_cast<int>(raw(SYS_rt_sigaction, signal, 0, arg(action), 8));
}
inline int set_signal(int signal, const unsigned long* action) {
    return static_cast<int>(raw(SYS_rt_sigaction, signal, arg(action), 0, 8));
}
inline bool signal_is_handled(int signal) {
    unsigned long action[4] = {};
    raw(SYS_rt_sigaction, signal, 0, arg(action), 8);
    return action[0] != reinterpret_cast<unsigned long>(SIG_DFL) &&
           action[0] != reinterpret_cast<unsigned long>(SIG_IGN);
}

// --- identity and limits
inline int setresuid(uid_t id) {
    return static_cast<int>(raw(SYS_setresuid, id, id, id));
}
inline int setresgid(gid_t id) {
    return static_cast<int>(raw(SYS_setresgid, id, id, id));
}
inline int setgroups(size_t count, const uint32_t* groups) {
    return static_cast<int>(raw(SYS_setgroups, static_cast<long>(count), arg(groups)));
}
inline pid_t getsid() {
    return static_cast<pid_t>(raw(SYS_getsid, 0));
}
inline int setsid() {
    return static_cast<int>(raw(SYS_setsid));
}
inline int capget(const __user_cap_header_struct& header, __user_cap_data_struct* data) {
    return static_cast<int>(raw(SYS_capget, arg(&header), arg(data)));
}
inline int capset(const __user_cap_header_struct& header, const __user_cap_data_struct* data) {
    return static_cast<int>(raw(SYS_capset, arg(&header), arg(data)));
}
inline int prlimit(int resource, const rlimit64* value, rlimit64* old) {
    return static_cast<int>(raw(SYS_prlimit64, 0, resource, arg(value), arg(old)));
}
inline int set_affinity(const cpu_set_t& cpus) {
    return static_cast<int>(raw(SYS_sched_setaffinity, 0, sizeof cpus, arg(&cpus)));
}
inline int personality(unsigned long persona) {
    return static_cast<int>(raw(SYS_personality, static_cast<long>(persona)));
}
inline int seccomp_filter(const sock_fprog& program) {
    return static_cast<int>(raw(SYS_seccomp, 1 /* SECCOMP_SET_MODE_FILTER */, 0, arg(&program)));
}
inline int kexec_load(unsigned long count, const void* segments, unsigned long flags) {
    return static_cast<int>(
        raw(SYS_kexec_load, 0, static_cast<long>(count), arg(segments), static_cast<long>(flags)));
}

// --- names and network
inline int sethostname(const char* name, size_t size) {
    return static_cast<int>(raw(SYS_sethostname, arg(name), static_cast<long>(size)));
}
inline int setdomainname(const char* name, size_t size) {
    return static_cast<int>(raw(SYS_setdomainname, arg(name), static_cast<long>(size)));
}
inline int socket(int domain, int type, int protocol) {
    return static_cast<int>(raw(SYS_socket, domain, type, protocol));
}
inline long sendmsg(int fd, const msghdr& message, int flags) {
    return raw(SYS_sendmsg, fd, arg(&message), flags);
}
inline int ioctl(int fd, unsigned long request, void* argument) {
    return static_cast<int>(
        raw(SYS_ioctl, fd, static_cast<long>(request), reinterpret_cast<long>(argument)));
}

// --- time and waiting. Not the private kind of futex: the word may lie in memory that two
// address spaces share.
inline int64_t monotonic_ns() {
    timespec now{};
    raw(SYS_clock_gettime, 1 /* CLOCK_MONOTONIC */, arg(&now));
    return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}
inline int futex_wait(const uint32_t* word, uint32_t expected, const timespec* timeout = nullptr) {
    return static_cast<int>(raw(SYS_futex, arg(word), 0 /* FUTEX_WAIT */, expected, arg(timeout)));
}
// Nothing but a filter makes this fail, and who is asleep then stays so: it is tried again.
inline void futex_wake(const uint32_t* word) {
    for (int tries = 0; tries < 3; tries++) {
        if (raw(SYS_futex, arg(word), 1 /* FUTEX_WAKE */, INT32_MAX) >= 0) return;
    }
}

}  // namespace caisson::sys
