// SPDX-License-Identifier: Apache-2.0
//
// What a sandbox sees of the file system, as values. `from` is always a path on the host, `to` a
// path inside the sandbox; `to` is looked up beneath the new root, so that neither `..` nor a
// symbolic link in the image can lead it outside.
#pragma once

#include <sys/types.h>

#include <string>
#include <variant>
#include <vector>

#pragma GCC visibility push(default)
namespace caisson {

// Restrictions of one mount. They are set before the mount is attached, and for a recursive bind
// on every mount below it as well (mount_setattr(2), AT_RECURSIVE).
struct MountAttributes {
    bool read_only = false;
    bool nosuid = false;
    bool nodev = false;
    bool noexec = false;

    bool any() const { return read_only || nosuid || nodev || noexec; }
};

// Whether a mount that has nothing to show, or nowhere to be shown, is an error.
enum class IfAbsent { fail, skip };

// How a bind gets to its place.
enum class BindMount {
    // Its own mount: nothing but `from` is seen.
    own,
    // A symbolic link into one mount of the directory that `from` is in, which all such binds out
    // of
    // that directory share: less than half the cost for hundreds. The directory's other names can
    // be
    // seen as well, where the links lead; so it is for read-only binds. Where a link would stay
    // behind (RootWrites::kept and layered), can't be made (in what is mounted), leads elsewhere
    // inside, or would show the host's whole root, the bind has a mount of its own after all.
    merged,
};

// The host's file or directory `from`, seen at `to`.
struct Bind {
    std::string from;
    std::string to;
    MountAttributes attributes;
    bool recursive = true;  // with the mounts below `from`
    IfAbsent if_absent = IfAbsent::fail;
    BindMount mount = BindMount::own;
};

struct Tmpfs {
    std::string to;
    MountAttributes attributes;
    std::string size;  // as tmpfs(5) takes it ("64m", "50%"); empty: half of the memory
    mode_t mode = 0755;
};

// An overlay of host directories, the topmost lower one first. Without `upper` it is read-only.
struct Overlay {
    std::string to;
    std::vector<std::string> lower;
    std::string upper;
    std::string work;  // on the same file system as `upper`
    MountAttributes attributes;
};

// A fresh /proc. It shows the sandbox's pid namespace, and an ordinary user may mount it only
// where that namespace is private.
struct Proc {
    std::string to = "/proc";
    MountAttributes attributes;
};

// POSIX message queues of the sandbox's ipc namespace.
struct Mqueue {
    std::string to = "/dev/mqueue";
    MountAttributes attributes;
};

// A new instance of pseudo terminals.
struct Devpts {
    std::string to = "/dev/pts";
    MountAttributes attributes;
};

// A small /dev: null zero full random urandom tty, pts with ptmx, shm, and the fd links.
struct MinimalDev {
    std::string to = "/dev";
};

// Files with given content. They live on one private tmpfs that nothing else can reach, and each
// is shown, read-only, at its own place.
struct GeneratedFile {
    std::string to;
    std::string content;
    mode_t mode = 0644;
    IfAbsent if_absent = IfAbsent::fail;  // of the place
};

// A symbolic link, in what is thrown away with the sandbox. Another link in its place goes;
// anything else there stays, and is an error.
struct Symlink {
    std::string to;  // where it stands
    std::string target;
};

using Mount =
    std::variant<Bind, Tmpfs, Overlay, Proc, Mqueue, Devpts, MinimalDev, GeneratedFile, Symlink>;

}  // namespace caisson
#pragma GCC visibility pop
