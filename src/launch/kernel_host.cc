// SPDX-License-Identifier: Apache-2.0
//
// The Host that is really there.
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <mutex>

#include "base/file.h"
#include "base/path.h"
#include "base/text.h"
#include "caisson/fd.h"
#include "caisson/host.h"
#include "launch/accounts.h"
#include "launch/kernel_host.h"
#include "sys/beneath.h"
#include "sys/call.h"

namespace caisson {
namespace {

struct Release {
    long major = 0;
    long minor = 0;

    bool is_at_least(long wanted_major, long wanted_minor) const {
        return major > wanted_major || (major == wanted_major && minor >= wanted_minor);
    }
};

Release release_of_kernel() {
    utsname name{};
    uname(&name);
    const char* const end = std::end(name.release);
    Release release;
    const char* const dot = std::from_chars(name.release, end, release.major).ptr;
    if (*dot == '.') std::from_chars(dot + 1, end, release.minor);
    return release;
}

// Each asks with arguments that change nothing: a kernel that has the call finds fault with them.
bool probe(KernelFeature feature) {
    switch (feature) {
        case KernelFeature::mount_trees:
            return sys::open_tree(-1, "", AT_EMPTY_PATH) != -ENOSYS &&
                   sys::move_mount(-1, "", -1, "", 0) != -ENOSYS &&
                   sys::fsopen(nullptr) != -ENOSYS &&
                   sys::mount_setattr(-1, "", AT_EMPTY_PATH, mount_attr{}) != -ENOSYS;
        case KernelFeature::openat2:
            return sys::raw(SYS_openat2, AT_FDCWD, 0, 0, 0) != -ENOSYS;
        case KernelFeature::close_range:
            // CLOSE_RANGE_CLOEXEC is younger than the call: EINVAL is a no as well.
            return sys::close_range(UINT_MAX, UINT_MAX, CLOSE_RANGE_CLOEXEC) == 0;
        case KernelFeature::clone3:
            return sys::raw(SYS_clone3, 0, 0) != -ENOSYS;
        case KernelFeature::pidfd:
            return sys::pidfd_open(-1) != -ENOSYS;
        case KernelFeature::memfd_noexec:
            return sys::memfd_create(nullptr, MFD_CLOEXEC | MFD_NOEXEC_SEAL) != -EINVAL;
        case KernelFeature::open_tree_attr:
            return sys::open_tree_attr(-1, "", AT_EMPTY_PATH, mount_attr{}) != -ENOSYS;
    }
    return false;
}

// The kernel's number says what it has, except where a seccomp filter stands in between (container
// runtimes answer ENOSYS to calls that are younger than their list): then each call is tried.
class Features {
  public:
    bool has(KernelFeature feature) {
        if (!release_) {
            release_ = release_of_kernel();
            filtered_ = sys::prctl(PR_GET_SECCOMP) != 0;
        }
        if (!filtered_ && release_->is_at_least(6, 15)) return true;
        const bool younger =
            feature == KernelFeature::open_tree_attr || feature == KernelFeature::memfd_noexec;
        if (!filtered_ && release_->is_at_least(5, 12) && !younger) return true;
        return probe(feature);
    }

  private:
    std::optional<Release> release_;
    bool filtered_ = true;
};

// The fifth word of a line of proc_pid_mountinfo(5). The table may be long, so it is not copied.
std::string_view mount_point_in(std::string_view line) {
    for (int words = 0; words < 4; words++) {
        line.remove_prefix(std::min(line.find(' '), line.size() - 1) + 1);
        if (line.empty()) return {};
    }
    return line.substr(0, line.find(' '));
}

// proc_pid_mountinfo(5) writes blanks and backslashes as \ooo.
std::string unescaped(std::string_view text) {
    std::string out;
    for (size_t i = 0; i < text.size(); i++) {
        if (text[i] == '\\' && i + 3 < text.size()) {
            out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
                                     (text[i + 3] - '0'));
            i += 3;
        } else {
            out += text[i];
        }
    }
    return out;
}

Entry entry_at(int directory, const char* path, std::string name) {
    struct stat found {};
    char target[PATH_MAX];
    if (sys::fstatat(directory, path, found, AT_SYMLINK_NOFOLLOW) < 0) {
        return {std::move(name), Node::missing, {}};
    }
    if (!S_ISLNK(found.st_mode)) {
        return {std::move(name), S_ISDIR(found.st_mode) ? Node::directory : Node::other, {}};
    }
    const long size = sys::readlinkat(directory, path, target, sizeof target);
    return {std::move(name), Node::other,
            size > 0 ? std::string(target, static_cast<size_t>(size)) : ""};
}

// In a container uid 0 may well be without what it takes. Where nothing can be learnt, uid 0 is
// taken for what it usually is, and told by the kernel if not.
bool has_cap_sys_admin() {
    const __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[2] = {};
    if (sys::capget(header, data) < 0) return true;
    return (data[0].effective >> CAP_SYS_ADMIN & 1) != 0;
}

std::string path_of(const Fd& fd) {
    char path[PATH_MAX];
    const std::string link = "/proc/self/fd/" + std::to_string(fd.get());
    const long size = sys::readlinkat(AT_FDCWD, link.c_str(), path, sizeof path);
    return size > 0 ? std::string(path, static_cast<size_t>(size)) : std::string();
}

// The kernel takes none of these for an overlay's upper layer (ovl_mount_dir() and the checks of
// DCACHE_OP_REVALIDATE and of whiteouts in fs/overlayfs); what else it refuses, it says itself.
constexpr struct {
    unsigned long magic;  // statfs(2)
    const char* name;
} unfit_layers[] = {{0x794c7630, "overlayfs"}, {0x6969, "NFS"},      {0xff534d42, "CIFS"},
                    {0xfe534d42, "SMB"},       {0x65735546, "FUSE"}, {0x0bd00bd0, "Lustre"},
                    {0x01021997, "9p"},        {0x4d44, "FAT"},      {0x73717368, "SquashFS"}};

class KernelHost final : public Host {
  public:
    explicit KernelHost(const NameServices& services) : services_(services) {}

    bool has(KernelFeature feature) const override {
        const std::lock_guard lock(mutex_);
        return features_.has(feature);
    }
    uint32_t uid() const override { return uid_; }
    uint32_t gid() const override { return gid_; }

    bool is_privileged() const override { return privileged_; }

    bool can_exchange_executable() const override {
        unsigned size = 0;
        return sys::prctl(PR_SET_MM, PR_SET_MM_MAP_SIZE,
                          static_cast<unsigned long>(sys::arg(&size))) == 0;
    }

    bool is_initial_user_namespace() const override {
        const Result<std::string> map = file::read("/proc/self/uid_map", "root");
        return map && map.value().find("4294967295") != std::string::npos;
    }

    Reach reach(const std::string& root, const std::string& path) const override {
        const std::lock_guard lock(mutex_);
        Reach found{"/", path::tidy(path).substr(1), false, false};
        if (!open_root(root)) return found;
        std::string directory = path::tidy(path);
        Fd fd;
        do {
            directory = path::parent(directory);
            fd.reset(open_in_root(directory, O_PATH | O_DIRECTORY));
        } while (!fd && directory != "/");
        struct stat status {};
        if (!fd || sys::fstatat(fd.get(), "", status, AT_EMPTY_PATH) < 0) return found;
        found.is_own = status.st_uid == uid_;
        found.directory = without_links(fd, directory);
        if (directory != "/") found.missing = found.missing.substr(directory.size());
        const std::string next = found.missing.substr(0, found.missing.find('/'));
        found.at_broken_link =
            sys::fstatat(fd.get(), next.c_str(), status, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISLNK(status.st_mode);
        return found;
    }

    std::string unfit_for_layer(const std::string& directory) const override {
        struct statfs found {};
        if (statfs(directory.c_str(), &found) < 0) return {};
        for (const auto& [magic, name] : unfit_layers) {
            if (static_cast<unsigned long>(found.f_type) == magic) return name;
        }
        return {};
    }

    Node look(const std::string& root, const std::string& path) const override {
        const std::lock_guard lock(mutex_);
        struct stat found {};
        if (!open_root(root)) return Node::missing;
        const Fd fd(open_in_root(path));
        if (!fd || sys::fstatat(fd.get(), "", found, AT_EMPTY_PATH) < 0) return Node::missing;
        return S_ISDIR(found.st_mode) ? Node::directory : Node::other;
    }

    // Asked for each of a thousand binds, which mostly stand side by side: one look-up finds their
    // directory, and a name in it that is no link needs none of its own.
    bool exists(const std::string& root, const std::string& path) const override {
        // One call, for a question that a start may ask about a dozen places.
        if (root == "/") {
            struct stat found {};
            return sys::fstatat(AT_FDCWD, path.c_str(), found, 0) == 0;
        }
        const std::lock_guard lock(mutex_);
        if (!open_root(root)) return false;
        const size_t slash = path.rfind('/');
        const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
        if (slash != std::string::npos && !name.empty() && name != "..") {
            const int parent = slash == 0 ? root_.get() : open_parent(path.substr(0, slash));
            if (parent < 0) return false;
            struct stat found {};
            const int error = sys::fstatat(parent, name.c_str(), found, AT_SYMLINK_NOFOLLOW);
            if (error == -ENOENT) return false;
            if (error == 0 && !S_ISLNK(found.st_mode)) return true;
        }
        return static_cast<bool>(Fd(open_in_root(path)));
    }

    Result<std::string> read(const std::string& root, const std::string& path) const override {
        const std::lock_guard lock(mutex_);
        if (!open_root(root)) return Error{"image", "open", root, ENOENT, {}, {}};
        const Fd fd(open_in_root(path, O_RDONLY | O_NONBLOCK));
        if (!fd) return Error{"image", "open", path, open_error_, {}, {}};
        return file::read(fd, path, "image");
    }

    Entry entry(const std::string& path) const override {
        return entry_at(AT_FDCWD, path.c_str(), path.substr(path.rfind('/') + 1));
    }

    std::vector<Entry> entries(const std::string& directory) const override {
        std::vector<Entry> found;
        const std::unique_ptr<DIR, int (*)(DIR*)> open(opendir(directory.c_str()), closedir);
        while (const dirent* entry = open ? readdir(open.get()) : nullptr) {
            const std::string_view name = entry->d_name;
            if (name == "." || name == "..") continue;
            found.push_back(entry_at(dirfd(open.get()), entry->d_name, entry->d_name));
        }
        std::sort(found.begin(), found.end(),
                  [](const Entry& a, const Entry& b) { return a.name < b.name; });
        return found;
    }

    std::vector<std::string> mounts_below(const std::string& directory) const override {
        std::vector<std::string> below;
        const Result<std::string> table = file::read("/proc/self/mountinfo", "root");
        char real[PATH_MAX];
        if (!table || !realpath(directory.c_str(), real)) return below;
        std::string_view left = table.value();
        for (size_t end; (end = left.find('\n')) != left.npos; left.remove_prefix(end + 1)) {
            const std::string point = unescaped(mount_point_in(left.substr(0, end)));
            if (point == real || !path::is_within(point, real)) continue;
            below.emplace_back(path::rest(point, real).substr(1));
        }
        std::sort(below.begin(), below.end());
        below.erase(std::unique(below.begin(), below.end()), below.end());
        return below;
    }

    std::optional<Account> user(uint32_t uid) const override { return find_user(uid, services_); }
    std::optional<Account> group(uint32_t gid) const override { return find_group(gid, services_); }
    std::vector<IdRange> subordinate_uids() const override {
        return find_subordinate_ids("/etc/subuid", uid_, services_);
    }
    std::vector<IdRange> subordinate_gids() const override {
        return find_subordinate_ids("/etc/subgid", uid_, services_);
    }

  private:
    bool open_root(const std::string& root) const {
        if (root_ && root == root_path_) return true;
        root_.reset(sys::openat(AT_FDCWD, root.c_str(), O_PATH | O_DIRECTORY));
        root_path_ = root;
        parent_path_.clear();
        parent_.reset();
        return static_cast<bool>(root_);
    }

    // What the kernel calls a directory beneath the root; the path as given where it does not say.
    std::string without_links(const Fd& directory, const std::string& path) const {
        const std::string root = path_of(root_);
        const std::string real = path_of(directory);
        if (root.empty() || !path::is_within(real, root)) return path;
        const std::string_view rest = path::rest(real, root);
        return rest.empty() ? "/" : std::string(rest);
    }

    int open_parent(const std::string& path) const {
        if (!parent_ || path != parent_path_) {
            parent_.reset(open_in_root(path));
            parent_path_ = path;
        }
        return parent_.get();
    }

    int open_in_root(const std::string& path, int flags = O_PATH) const {
        int fd = sys::open_beneath(root_.get(), path.c_str(), flags, sys::Lookup::openat2);
        if (fd == -ENOSYS) {
            fd = sys::open_beneath(root_.get(), path.c_str(), flags, sys::Lookup::component_walk);
        }
        open_error_ = fd < 0 ? -fd : 0;
        return fd;
    }

    const NameServices& services_;
    const uint32_t uid_ = geteuid();
    const uint32_t gid_ = getegid();
    // Asked once: two answers that differ would make half a sandbox of each kind.
    const bool privileged_ = uid_ == 0 && has_cap_sys_admin();
    mutable std::mutex mutex_;
    mutable Features features_;
    mutable std::string root_path_;  // the image that is being looked at stays open between looks
    mutable Fd root_;
    mutable std::string parent_path_;  // and so does the directory that was looked into last
    mutable Fd parent_;
    mutable int open_error_ = 0;
};

}  // namespace

Result<std::string> Host::read(const std::string&, const std::string& path) const {
    return Error{"image", "open", path, ENOENT, {}, {}};
}

Reach Host::reach(const std::string& root, const std::string& path) const {
    std::string directory = path;
    do {
        directory = path::parent(directory);
    } while (directory != "/" && !exists(root, directory));
    return {directory, path.substr(directory.size() + (directory == "/" ? 0 : 1))};
}

std::unique_ptr<const Host> this_host() {
    return this_host(getent());
}

std::unique_ptr<const Host> this_host(const NameServices& services) {
    return std::make_unique<KernelHost>(services);
}

}  // namespace caisson
