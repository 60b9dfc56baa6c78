// SPDX-License-Identifier: Apache-2.0
//
// The file system that a program expects beside what the image has.
#include "caisson/image.h"

namespace caisson {
namespace {

constexpr uint32_t nobody = 65534;

// The host's, bound where the image has a place for it. Asking for one that the host lacks costs
// a system call of every start, so what only comes with something else is asked for with that.
struct HostPath {
    const char* path;
    MountAttributes attributes = {.read_only = true};
    const char* comes_with = nullptr;
};
constexpr HostPath host_paths[] = {
    {"/etc/hosts"},
    {"/etc/resolv.conf"},
    {"/etc/machine-id"},
    // Huge pages are files that a program makes.
    {"/var/lib/hugetlbfs", {}},
    {"/var/spool/slurmd"},
    // Cray's interconnects and launchers, with files that their MPI and PMI read.
    {"/etc/opt/cray/wlm_detect", {.read_only = true}, "/opt/cray"},
    {"/opt/cray/wlm_detect", {.read_only = true}, "/opt/cray"},
    {"/opt/cray/alps", {.read_only = true}, "/opt/cray"},
    {"/opt/cray/udreg", {.read_only = true}, "/opt/cray"},
    {"/opt/cray/ugni", {.read_only = true}, "/opt/cray"},
    {"/opt/cray/xpmem", {.read_only = true}, "/opt/cray"},
    {"/var/opt/cray/alps", {.read_only = true}, "/opt/cray"},
};

std::string passwd_line(const std::string& name, uint32_t uid, uint32_t gid,
                        const std::string& full_name, const std::string& rest) {
    return name + ":x:" + std::to_string(uid) + ":" + std::to_string(gid) + ":" + full_name + ":" +
           rest + "\n";
}

uint32_t uid_in(const Spec& spec, const Host& host) {
    if (spec.uid) return *spec.uid;
    return spec.id_maps.uids.empty() ? host.uid() : 0;
}

uint32_t gid_in(const Spec& spec, const Host& host) {
    if (spec.gid) return *spec.gid;
    return spec.id_maps.gids.empty() ? host.gid() : 0;
}

std::string passwd(uint32_t uid, uint32_t gid, const Host& host, const Account& unknown) {
    std::string text;
    if (uid != 0) text += passwd_line("root", 0, 0, "root", "/root:/bin/sh");
    if (uid != nobody) text += passwd_line("nobody", nobody, nobody, "nobody", "/:/bin/false");
    if (uid == 0) return text + passwd_line("root", 0, gid, "root", "/root:/bin/sh");
    const Account account = host.user(uid).value_or(unknown);
    return text + passwd_line(account.name, uid, gid, account.full_name, "/:/bin/sh");
}

std::string group(uint32_t gid, const Host& host, const Account& unknown) {
    std::string text = "root:x:0:\n";
    if (gid == 0) return text + "nogroup:x:65534:\n";
    if (gid != nobody) text += "nogroup:x:65534:\n";
    const Account account = host.group(gid).value_or(unknown);
    return text + account.name + ":x:" + std::to_string(gid) + ":\n";
}

class Mounts {
  public:
    Mounts(const Spec& spec, const Host& host) : spec_(spec), host_(host) { list.reserve(16); }

    void add_dev(DevKind kind) {
        if (kind == DevKind::minimal) {
            list.push_back(MinimalDev{});
            if (spec_.namespaces.ipc) list.push_back(Mqueue{"/dev/mqueue", hardened});
            return;
        }
        bind("/dev");
        // POSIX shared memory and semaphores are files here: they belong to the ipc namespace in
        // all but the kernel's eyes.
        if (spec_.namespaces.ipc) {
            list.push_back(Tmpfs{"/dev/shm", {.nosuid = true, .nodev = true}, {}, 01777});
        }
    }

    void add_proc() {
        if (spec_.namespaces.pid)
            list.push_back(Proc{"/proc", hardened});
        else
            bind("/proc");
        if (!is_real_root()) return;
        // Root without a user namespace needs no capability to write these.
        for (const char* path :
             {"/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus", "/proc/fs"}) {
            list.push_back(Bind{path, path, {.read_only = true}, true, IfAbsent::skip});
        }
    }

    void add_sys() {
        list.push_back(Bind{"/sys", "/sys", {.read_only = is_real_root()}, true, IfAbsent::fail});
    }

    void add_tmp(const GuestFileSystem& wanted) {
        if (wanted.host_tmp)
            list.push_back(Bind{wanted.tmp_directory, "/tmp", {}, true, IfAbsent::fail});
        else
            list.push_back(Tmpfs{"/tmp", {.nosuid = true, .nodev = true}, {}, 01777});
    }

    void add_accounts(const GuestFileSystem& wanted) {
        const uint32_t uid = uid_in(spec_, host_);
        const uint32_t gid = gid_in(spec_, host_);
        list.push_back(GeneratedFile{"/etc/passwd", passwd(uid, gid, host_, wanted.unknown_user),
                                     0644, IfAbsent::skip});
        list.push_back(GeneratedFile{"/etc/group", group(gid, host_, wanted.unknown_group), 0644,
                                     IfAbsent::skip});
    }

    void add_host_paths() {
        const char* asked = nullptr;
        bool is_there = true;
        for (const HostPath& row : host_paths) {
            if (row.comes_with && row.comes_with != asked) {
                asked = row.comes_with;
                is_there = host_.exists("/", asked);
            }
            if (row.comes_with && !is_there) continue;
            list.push_back(Bind{row.path, row.path, row.attributes, true, IfAbsent::skip});
        }
    }

    std::vector<Mount> list;

  private:
    static constexpr MountAttributes hardened = {.nosuid = true, .nodev = true, .noexec = true};

    bool is_real_root() const { return !spec_.namespaces.user && host_.is_privileged(); }
    void bind(const char* path) { list.push_back(Bind{path, path, {}, true, IfAbsent::fail}); }

    const Spec& spec_;
    const Host& host_;
};

}  // namespace

void add_guest_file_system(Spec& spec, const GuestFileSystem& wanted, const Host& host) {
    Mounts mounts(spec, host);
    mounts.add_dev(wanted.dev);
    mounts.add_proc();
    mounts.add_sys();
    mounts.add_tmp(wanted);
    // With ranges the image's other users exist, and its own files have their names.
    if (wanted.generate_accounts && spec.id_maps.uids.empty()) mounts.add_accounts(wanted);
    mounts.add_host_paths();
    mounts.list.insert(mounts.list.end(), std::make_move_iterator(spec.mounts.begin()),
                       std::make_move_iterator(spec.mounts.end()));
    spec.mounts = std::move(mounts.list);
}

}  // namespace caisson
