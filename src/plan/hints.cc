// SPDX-License-Identifier: Apache-2.0
//
// Every hint, in one table. The first row that fits is the answer; an empty phase or operation and
// errno 0 fit everything.
#include "plan/hints.h"

#include <errno.h>

namespace caisson::plan {
namespace {

struct Hint {
    std::string_view phase;
    std::string_view operation;
    int errno_value;
    std::string_view text;
};

constexpr std::string_view restricted =
    "this host restricts user namespaces; `caisson doctor` says how to allow them";

constexpr Hint hints[] = {
    {"memory file", "memfd_create", EACCES,
     "vm.memfd_noexec is 2 in this pid namespace: no memory file may be executable"},
    {"memory file", "memfd_create", EINVAL, "the name is longer than 249 bytes"},
    {"memory file", "memfd_create", ENODEV, "this machine has no huge pages of that size"},
    {"memory file", "F_ADD_SEALS", EPERM, "sealed against more seals, or not open for writing"},
    {"memory file", "F_ADD_SEALS", EBUSY, "a shared mapping that can write to it is still there"},
    {"memory file", "F_ADD_SEALS", EINVAL, "this kernel lacks one of the seals"},
    {"memory file", "F_GET_SEALS", EINVAL, "only memory files have seals"},
    {"memory file", "ftruncate", EINVAL, "the size must be a multiple of the huge pages' size"},
    {"memory file", "mmap", ENOMEM,
     "out of memory, or of huge pages: see /proc/sys/vm/nr_hugepages"},
    {"memory file", "fallocate", ENOSPC,
     "out of memory, or of huge pages: see /proc/sys/vm/nr_hugepages"},
    {"memory file", "", EPERM, "the file is sealed against it"},
    {"namespaces", "", EPERM, restricted},
    {"namespaces", "", EACCES, restricted},
    {"namespaces", "", ENOSPC,
     "a limit on namespaces is reached, see /proc/sys/user; `caisson doctor` checks it"},
    {"namespaces", "", EUSERS, "user namespaces are nested 32 deep, the kernel's limit"},
    {"namespaces", "unshare", EINVAL,
     "a process with more than one thread can't enter a user namespace; or this kernel lacks one "
     "of "
     "those that were asked for"},
    {"namespaces", "", EINVAL, "this kernel lacks one of the namespaces that were asked for"},
    {"namespaces", "", ENOSYS, "this kernel, or a filter on it, knows no namespaces"},
    {"", "", ENOMEM, "out of memory, or over a memory limit"},
    {"", "", EMFILE, "too many open files: raise `ulimit -n`"},
    {"", "", ENFILE, "the whole machine has too many files open"},
    {"id-maps", "newuidmap", 0,
     "are uidmap and ranges in /etc/subuid set up? see `caisson doctor`"},
    {"id-maps", "newgidmap", 0,
     "are uidmap and ranges in /etc/subgid set up? see `caisson doctor`"},
    {"id-maps", "write", EPERM, restricted},
    {"id-maps", "open", EACCES, restricted},
    {"id-maps", "open", ENOENT, "/proc must be mounted where the sandbox is started"},
    {"root", "open_tree", ENOENT, "the image directory has to exist"},
    {"root", "open_tree", EACCES, "the image and each directory above it must be searchable"},
    {"root", "mkdir", ELOOP, "a link on the way leads in circles or into /proc"},
    {"root", "mkdir", EACCES, "the place is in a directory that belongs to somebody else"},
    {"root", "mkdir", ENOTDIR, "a file stands on the way"},
    {"root", "fsopen", ENODEV, "this kernel has no overlay file system"},
    {"root", "fsconfig", EINVAL,
     "in a user namespace no overlay can cover a directory that has other file systems below it"},
    {"root", "open", ENOENT, "the directory of --overlay has to exist"},
    {"root", "fsconfig", EBUSY, "another run is using this directory of --overlay"},
    {"root", "mount", EBUSY, "another run is using this directory of --overlay"},
    {"root", "fsconfig", ESTALE,
     "the changes belong to another image, or to this one before it was made anew"},
    {"root", "fsconfig", ELOOP, "the image lies in the directory of --overlay"},
    {"root", "mount", ELOOP, "the image lies in the directory of --overlay"},
    {"root", "fsmount", EPERM, "overlays in user namespaces need Linux 5.11"},
    {"root", "move_mount", EINVAL, "the root has to be a directory"},
    {"pivot", "move_mount", EINVAL, "the root has to be a directory"},
    {"root", "chroot", EPERM,
     "chroot takes root; a mount and a user namespace take nobody special"},
    {"root", "", EPERM, restricted},
    {"mounts", "open_tree", ENOENT, "a bind source must exist; the option `try` skips it"},
    {"mounts", "open_tree", EACCES, "the bind source and each directory above must be searchable"},
    {"mounts", "open_tree", EINVAL,
     "locked mounts lie below the source: they can only be bound along, without norec"},
    {"mounts", "open", EOVERFLOW, "the caller's own ids must have a place in --id-map"},
    {"mounts", "openat2", EOVERFLOW, "the caller's own ids must have a place in --id-map"},
    {"mounts", "mkdir", ENOENT,
     "a link on the way leads nowhere: make what it leads to, or name the place itself"},
    {"mounts", "openat2", ENOENT,
     "there is no such place in the image, and none is made on a host directory or in /proc; "
     "make it, or put --tmpfs over its parent"},
    {"mounts", "openat2", EXDEV, "the place would lie outside the image"},
    {"mounts", "openat2", ELOOP, "a link on the way leads in circles or into /proc"},
    {"mounts", "openat2", EACCES, "the place is made by a user who may not write there"},
    {"mounts", "openat2", EROFS, "the place is missing, and its directory is read-only"},
    {"mounts", "move_mount", EINVAL, "a directory can't be bound on a file, nor a file on one"},
    {"mounts", "move_mount", ENOTDIR, "a directory can't be bound on a file, nor a file on one"},
    {"mounts", "mount", ENOENT, "a bind source must exist; the option `try` skips it"},
    {"mounts", "mount", ENOTDIR, "a directory can't be bound on a file, nor a file on one"},
    {"mounts", "fsmount", EPERM,
     "a fresh /proc needs --private pid, and a host /proc with nothing mounted over it"},
    {"mounts", "fsconfig", EPERM,
     "a fresh /proc needs --private pid, and a host /proc with nothing mounted over it"},
    {"mounts", "fsconfig", EINVAL, "the file system does not take one of the options"},
    {"mounts", "fsopen", ENODEV, "this kernel has no such file system"},
    {"join", "setns", EPERM, "only who made a sandbox, or root, may enter it"},
    {"join", "setns", EINVAL, "a process with more than one thread can't enter a user namespace"},
    {"offer", "sendmsg", EPIPE, "the process that lets the other peers in was killed"},
    {"offer", "sendmsg", ECONNRESET, "the process that lets the other peers in was killed"},
    {"stdio", "open", ENOENT, "what --file-fd copies is looked for on the host"},
    {"pivot", "pivot_root", EINVAL, "the host's / is an initramfs, which can't be left"},
    {"cwd", "chdir", ELOOP, "a link on the way leads in circles or into /proc"},
    {"cwd", "chdir", ENOENT, "the working directory is looked up inside the image"},
    {"cwd", "chdir", EACCES, "the sandbox's user may not enter the directory"},
    {"host-hooks", "execve", ENOENT, "a host hook is a program of the host's"},
    {"guest-hooks", "execve", ENOENT, "a guest hook is a program of the image's"},
    {"peer-hooks", "execve", ENOENT, "a peer hook is a program of the image's"},
    {"hostname", "", EPERM, "the uts namespace must be private"},
    {"session", "setsid", EPERM, "a process group leader can't begin a session"},
    {"limits", "prlimit", EPERM, "a hard limit can't be raised"},
    {"fds", "fcntl", EBADF, "--keep-fd needs a descriptor that is open"},
    {"identity", "", EINVAL, "the id has no mapping in the user namespace; see --id-map"},
    {"identity", "", EPERM, "only ids that the map covers can be taken on; see --id-map"},
    {"capabilities", "", EPERM, "only capabilities that the caller has can be given"},
    {"seccomp", "seccomp", EACCES, "a filter needs no_new_privileges"},
    {"seccomp", "seccomp", EINVAL, "the kernel does not take this as a seccomp filter"},
    {"seccomp", "kexec_load", 0,
     "root's calls are not faked here: the filter does not know this machine's architecture"},
    {"exec", "execve", ENOENT, "is the program, or its ELF interpreter, inside the image?"},
    {"exec", "execve", EACCES, "not executable for this user, or on a noexec mount"},
    {"exec", "execve", ENOEXEC, "built for another architecture, or a script without a #! line"},
    {"exec", "execve", E2BIG, "arguments and environment are larger than the kernel takes"},
    {"exec", "execve", EPERM, "not allowed here: set-id or capabilities on a nosuid mount?"},
    {"exec", "execve", ELOOP, "too many links, or scripts that interpret each other"},
    {"", "", ENOSYS, "this kernel, or a filter on it, lacks the call"},
};

bool fits(const Hint& hint, std::string_view phase, std::string_view operation, int errno_value) {
    return (hint.phase.empty() || hint.phase == phase) &&
           (hint.operation.empty() || hint.operation == operation) &&
           (hint.errno_value == 0 || hint.errno_value == errno_value);
}

}  // namespace

std::string_view hint_for(std::string_view phase, std::string_view operation, int errno_value) {
    for (const Hint& hint : hints) {
        if (fits(hint, phase, operation, errno_value)) return hint.text;
    }
    return {};
}

}  // namespace caisson::plan
