// SPDX-License-Identifier: Apache-2.0
// The limit for enter(): the same two processes and the init between them, by the system calls that
// they cannot do without. No error is explained, and nobody looks whether this process may divide.
//
// Kept: what a daemon gets from enter() and could not have otherwise. The fork is libc's, because
// the inside goes on as a C program; the init comes first, because nobody can come back from a pid
// namespace for children; the supervisor goes on once the inside is in and its own capabilities are
// gone; the inside goes on once the init holds nothing that it could reach.
#define _GNU_SOURCE
#include "enter_floor.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/futex.h>
#include <linux/if.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { nr_open_tree_attr = 467 };  // Linux 6.15: open_tree and mount_setattr in one call
enum { mnt_detach = 2 };           // <sys/mount.h> and <linux/mount.h> cannot be included together

struct shared {
    _Atomic uint32_t init_ready, inside_ready, supervisor_ready;
};

static long must(long ret, const char* what) {
    if (ret >= 0) return ret;
    perror(what);
    _exit(125);
}

static void tell(_Atomic uint32_t* word) {
    atomic_store(word, 1);
    syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL);
}

static void await(_Atomic uint32_t* word) {
    while (atomic_load(word) == 0)
        syscall(SYS_futex, word, FUTEX_WAIT, 0, NULL);
}

static void write_proc(const char* path, const char* text) {
    const int fd = (int)must(open(path, O_WRONLY | O_CLOEXEC), path);
    must(write(fd, text, strlen(text)), path);
}

static void map_one(const char* path, unsigned id) {
    char text[64];
    snprintf(text, sizeof text, "%u %u 1", id, id);
    write_proc(path, text);
}

static const struct __user_cap_data_struct none[2];
static const struct __user_cap_data_struct kill_only[2] = {{1U << CAP_KILL, 1U << CAP_KILL, 0}};

// caisson::CapabilitySet::file_server().
enum {
    file_server = 1U << CAP_CHOWN | 1U << CAP_DAC_OVERRIDE | 1U << CAP_FOWNER | 1U << CAP_FSETID |
                  1U << CAP_SETGID | 1U << CAP_SETUID | 1U << CAP_MKNOD | 1U << CAP_SETFCAP,
};
static const struct __user_cap_data_struct of_file_server[2] = {{file_server, file_server, 0}};

static void drop_capabilities(const struct __user_cap_data_struct kept[2]) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    must(syscall(SYS_capset, &header, kept), "capset");
}

static void no_new_privileges(void) {
    must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
}

static _Noreturn void be_init(struct shared* shared, pid_t inside) {
    must(prctl(PR_SET_DUMPABLE, 0), "dumpable");
    must(chdir("/"), "chdir");
    no_new_privileges();
    drop_capabilities(kill_only);
    must((long)close_range(0, ~0U, 0), "close_range");
    tell(&shared->init_ready);
    int status = 0;
    while (waitpid(-1, &status, __WALL) != inside)
        ;
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static int clone_root(const char* directory) {
    const unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | 0x8000 /* AT_RECURSIVE */;
    struct mount_attr attr = {.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV,
                              .propagation = 1U << 18 /* MS_PRIVATE */};
    long fd = syscall(nr_open_tree_attr, AT_FDCWD, directory, flags, &attr, sizeof attr);
    if (fd >= 0) return (int)fd;
    fd = must(syscall(SYS_open_tree, AT_FDCWD, directory, flags), directory);
    must(syscall(SYS_mount_setattr, fd, "", 0x8000 | AT_EMPTY_PATH, &attr, sizeof attr), directory);
    return (int)fd;
}

// Leaves 0, 1, 2 and the two that a file server wants, as its first free numbers.
static void go_in(const char* directory) {
    const int self = (int)must(open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC), "self");
    const int fds = (int)must(
        syscall(SYS_open_tree, AT_FDCWD, "/proc/self/fd", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC),
        "/proc/self/fd");
    const int root = clone_root(directory);
    must(syscall(SYS_move_mount, root, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH), "move_mount");
    must(fchdir(root), "fchdir");
    must(syscall(SYS_pivot_root, ".", "."), "pivot_root");
    must(syscall(SYS_umount2, ".", mnt_detach), "umount2");
    const int mountinfo = (int)must(openat(self, "mountinfo", O_RDONLY | O_CLOEXEC), "mountinfo");
    must((long)close_range(3, (unsigned)fds - 1, 0), "close_range");
    must((long)close_range((unsigned)fds + 1, (unsigned)mountinfo - 1, 0), "close_range");
    must((long)close_range((unsigned)mountinfo + 1, ~0U, 0), "close_range");
}

static void be_inside(struct shared* shared, const char* directory) {
    await(&shared->init_ready);
    go_in(directory);
    drop_capabilities(of_file_server);
    no_new_privileges();
    tell(&shared->inside_ready);
    await(&shared->supervisor_ready);
}

// A new network namespace starts with its loopback device down.
static void loopback_up(void) {
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    const int fd = (int)must(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
    must(ioctl(fd, SIOCSIFFLAGS, &request), "lo");
}

static void begin_namespaces(unsigned uid, unsigned gid) {
    must(prctl(PR_SET_PDEATHSIG, SIGKILL), "death signal");
    write_proc("/proc/self/setgroups", "deny");
    map_one("/proc/self/uid_map", uid);
    map_one("/proc/self/gid_map", gid);
    loopback_up();
}

int floor_enter(const char* directory, int* pidfd) {
    const unsigned uid = geteuid();
    const unsigned gid = getegid();
    struct shared* shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) must(-1, "mmap");
    struct clone_args args = {
        .flags =
            CLONE_PIDFD | CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC,
        .pidfd = (uint64_t)(uintptr_t)pidfd,
        .exit_signal = SIGCHLD,
    };
    const long init = must(syscall(SYS_clone3, &args, sizeof args), "clone3");
    if (init == 0) {
        begin_namespaces(uid, gid);
        const pid_t inside = (pid_t)must(fork(), "fork");
        if (inside > 0) be_init(shared, inside);
        be_inside(shared, directory);
    } else {
        await(&shared->inside_ready);
        must(prctl(PR_SET_DUMPABLE, 0), "dumpable");
        drop_capabilities(none);
        tell(&shared->supervisor_ready);
    }
    munmap(shared, sizeof *shared);
    return (int)init;
}
