// SPDX-License-Identifier: Apache-2.0
//
// escapes DIRECTORY OUTSIDE SOCKET: locks itself into DIRECTORY as a file server would, with all
// the capabilities of one, and then tries to get out. OUTSIDE is a file of the host's, which must
// not be read; SOCKET is an abstract unix socket on which somebody listens. Prints a line for each
// attempt; exits with the number of those that did not fail.
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>

#include "caisson/enter.h"
#include "caisson/host.h"

namespace {

struct Target {
    std::string outside;
    std::string socket;
    int leaked_directory;
    pid_t supervisor;
};

int escaped = 0;

// `result` is a system call's: what was tried has to fail.
void tried(const std::string& what, long result) {
    const int error = errno;
    printf("%-44s %s\n", what.c_str(), result < 0 ? strerror(error) : "ESCAPED");
    if (result >= 0) escaped++;
}

long read_file(int dir, const std::string& path) {
    const int fd = openat(dir, path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd >= 0) close(fd);
    return fd;
}

void try_paths(const Target& target) {
    std::string up;
    for (int i = 0; i < 40; i++)
        up += "../";
    tried("the absolute path", read_file(AT_FDCWD, target.outside));
    tried("..", read_file(AT_FDCWD, up + target.outside));
    tried(".. from /", read_file(AT_FDCWD, "/" + up + target.outside));
    symlink(target.outside.c_str(), "/made-absolute");
    symlink((up + target.outside).c_str(), "/made-relative");
    tried("an absolute link", read_file(AT_FDCWD, "/made-absolute"));
    tried("a relative link", read_file(AT_FDCWD, "/made-relative"));
    tried("a hard link to the outside", link(target.outside.c_str(), "/made-hard"));
    tried("a descriptor left open", read_file(target.leaked_directory, target.outside.substr(1)));
    tried("a working directory left behind",
          chdir("..") < 0 ? -1 : read_file(AT_FDCWD, target.outside.substr(1)));
}

void try_proc(const Target& target, const caisson::Fd& fds) {
    tried("/proc", access("/proc/self", F_OK));
    tried("/proc/1/root", read_file(AT_FDCWD, "/proc/1/root" + target.outside));
    for (const char* way :
         {"../root", "../../1/root", "../cwd", "../../../proc", "../exe", "../mem"}) {
        tried(std::string("the descriptor of /proc/self/fd, ") + way,
              faccessat(fds.get(), way, F_OK, 0));
    }
    tried("a new /proc", mount("proc", "/", "proc", 0, nullptr));
}

void try_mounts() {
    mkdir("/place", 0755);
    tried("umount of /", umount2("/", MNT_DETACH));
    tried("remount without nodev", mount(nullptr, "/", nullptr, MS_REMOUNT | MS_BIND, nullptr));
    tried("bind", mount("/", "/place", nullptr, MS_BIND, nullptr));
    tried("pivot_root", syscall(SYS_pivot_root, "/place", "/place"));
    tried("chroot", chroot("/place"));
    mknod("/disk", S_IFBLK | 0600, makedev(8, 0));
    tried("a device", open("/disk", O_RDONLY));
    struct {
        file_handle head;
        unsigned char rest[64];
    } handle = {};
    handle.head.handle_bytes = 8;
    handle.head.handle_type = 1;
    const int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    tried("open_by_handle_at", syscall(SYS_open_by_handle_at, root, &handle, O_RDONLY));
    close(root);
}

void try_processes(const Target& target) {
    tried("ptrace of the supervisor", ptrace(PTRACE_ATTACH, target.supervisor, 0, 0));
    tried("ptrace of process 1", ptrace(PTRACE_ATTACH, 1, 0, 0));
    char byte;
    const iovec here = {&byte, 1};
    const iovec there = {&escaped, 1};
    tried("the memory of the supervisor",
          process_vm_readv(target.supervisor, &here, 1, &there, 1, 0));
    tried("the memory of process 1", process_vm_readv(1, &here, 1, &there, 1, 0));
    tried("a signal to the supervisor", kill(target.supervisor, 0));
    tried("a descriptor of the supervisor", syscall(SYS_pidfd_open, target.supervisor, 0));
}

void try_network(const Target& target) {
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    memcpy(address.sun_path + 1, target.socket.data(), target.socket.size());
    const size_t size = offsetof(sockaddr_un, sun_path) + 1 + target.socket.size();
    tried("an abstract socket",
          connect(fd, reinterpret_cast<sockaddr*>(&address), static_cast<socklen_t>(size)));
    close(fd);
}

// Last, for it changes who this is: root of namespaces of its own.
void try_namespaces(const Target& target) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0) return tried("namespaces of its own", -1);
    tried("there: umount of /", umount2("/", MNT_DETACH));
    tried("there: remount without nodev",
          mount(nullptr, "/", nullptr, MS_REMOUNT | MS_BIND, nullptr));
    tried("there: a new /proc", mount("proc", "/place", "proc", 0, nullptr));
    const std::string up = "/place/../../../../";
    if (chroot("/place") == 0)
        tried("there: chroot and ..", read_file(AT_FDCWD, up + target.outside));
}

caisson::Result<caisson::Entered> lock_in(const char* directory) {
    const auto host = caisson::this_host();
    const auto plan = caisson::compile(
        caisson::spec_for_entering(directory, caisson::EnterMode::namespaces, *host), *host);
    if (!plan) return plan.error();
    return caisson::enter(plan.value());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 125;
    const Target target = {argv[2], argv[3], open("/", O_RDONLY | O_DIRECTORY), getpid()};
    auto entered = lock_in(argv[1]);
    if (!entered) {
        fprintf(stderr, "escapes: %s\n", entered.error().text().c_str());
        return 125;
    }
    if (auto* supervisor = std::get_if<caisson::Supervisor>(&entered.value())) {
        caisson::end_like(supervisor->supervise());
    }
    try_paths(target);
    try_proc(target, std::get<caisson::Inside>(entered.value()).take_proc_self_fd());
    try_mounts();
    try_processes(target);
    try_network(target);
    try_namespaces(target);
    printf("%d escaped\n", escaped);
    return escaped;
}
