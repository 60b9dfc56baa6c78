// SPDX-License-Identifier: Apache-2.0
//
// What this kernel, this machine and this user allow. compile() asks and decides; the child never
// tries one thing and then another. Questions are answered when they are asked and not before:
// a start pays for no probe that its Spec does not need.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "caisson/error.h"
#include "caisson/spec.h"

#pragma GCC visibility push(default)
namespace caisson {

// Groups of system calls that a supported kernel may lack. The oldest one supported is 4.18.
enum class KernelFeature {
    mount_trees,     // open_tree, move_mount, fsopen (5.2) and mount_setattr (5.12)
    openat2,         // 5.6: look-ups that stay beneath a directory
    close_range,     // with CLOSE_RANGE_CLOEXEC (5.11)
    clone3,          // 5.3, with CLONE_CLEAR_SIGHAND (5.5)
    pidfd,           // pidfd_open (5.3)
    memfd_noexec,    // MFD_NOEXEC_SEAL (6.3)
    open_tree_attr,  // 6.15, and with it open_tree(2) out of detached mounts
};

// What stands at a path.
enum class Node { missing, directory, other };

// One name in a directory.
struct Entry {
    std::string name;
    Node node = Node::other;
    std::string target;  // of a symbolic link, which `node` does not follow; else empty
};

// How far a path leads.
struct Reach {
    std::string directory;  // the last directory on the way, itself without links
    std::string missing;    // the rest of the path: "a/b"
    // Whether the directory belongs to the caller, and not to somebody that a single-id map leaves
    // without a name: then nothing can be made in it, not even in an overlay of it.
    bool is_own = true;
    bool at_broken_link = false;  // the rest begins with a link that leads nowhere

    std::string path() const { return (directory == "/" ? "/" : directory + "/") + missing; }
};

// Someone in the user or group database.
struct Account {
    std::string name;
    std::string full_name;  // users only
};

class Host {
  public:
    virtual ~Host() = default;

    virtual bool has(KernelFeature feature) const = 0;
    virtual uint32_t uid() const = 0;  // the caller's effective ids
    virtual uint32_t gid() const = 0;
    // Whether the caller may make namespaces without a user namespace of its own.
    virtual bool is_privileged() const { return uid() == 0; }
    // Whether this process may say which file it is executing: PR_SET_MM_MAP of prctl(2), which
    // needs a kernel with CONFIG_CHECKPOINT_RESTORE.
    virtual bool can_exchange_executable() const { return true; }
    // Whether ids here are the machine's own, and trusted.* attributes can be had.
    virtual bool is_initial_user_namespace() const { return true; }

    // `path` looked up with `root` as `/`, following links but never out of it.
    virtual Node look(const std::string& root, const std::string& path) const = 0;
    // The same question without the kind, which may be cheaper to answer.
    virtual bool exists(const std::string& root, const std::string& path) const {
        return look(root, path) != Node::missing;
    }
    // The content of the file at `path`, looked up in the same way: what an image names is never
    // the host's. EXDEV, ELOOP: it would lead out.
    virtual Result<std::string> read(const std::string& root, const std::string& path) const;
    // For a `path` beneath `root` that does not exist.
    virtual Reach reach(const std::string& root, const std::string& path) const;
    // The name of the file system that has a directory, where it is one that is known to refuse
    // being the writable layer of an overlay; else empty.
    virtual std::string unfit_for_layer(const std::string& directory) const {
        (void)directory;
        return {};
    }
    // What the host has at a path, links on the way followed, but none at its end.
    virtual Entry entry(const std::string& path) const = 0;
    // What a directory has, sorted by name, without "." and "..". Empty where it can't be read.
    virtual std::vector<Entry> entries(const std::string& directory) const = 0;
    // Mount points strictly below a directory, relative to it, outermost first.
    virtual std::vector<std::string> mounts_below(const std::string& directory) const = 0;

    // From the databases of nsswitch.conf(5), which may mean asking a server.
    virtual std::optional<Account> user(uint32_t uid) const = 0;
    virtual std::optional<Account> group(uint32_t gid) const = 0;
    // The caller's ranges in /etc/subuid and /etc/subgid, `inside` left 0.
    virtual std::vector<IdRange> subordinate_uids() const = 0;
    virtual std::vector<IdRange> subordinate_gids() const = 0;
};

// The machine that this runs on, and the user that this process is now. What was asked once is
// remembered as long as the object lives. Safe to use from any thread.
std::unique_ptr<const Host> this_host();

}  // namespace caisson
#pragma GCC visibility pop
