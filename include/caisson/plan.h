// SPDX-License-Identifier: Apache-2.0
//
// How a sandbox is made: an ordered list of phases, each a list of steps, each step one intent
// that the kernel can see. compile() makes the list from a Spec; a caller may edit it; launch()
// and become() carry it out exactly as text() prints it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "caisson/error.h"
#include "caisson/host.h"
#include "caisson/spec.h"

#pragma GCC visibility push(default)
namespace caisson {

// Whether a missing destination is made, and as what.
enum class MakePoint { never, directory, file };

struct MountPoint {
    std::string path;
    MakePoint make = MakePoint::directory;
};

namespace step {

// The child gets a signal when the thread that started it ends; 0 disarms. Checked after arming,
// because the parent may be gone already. Until exec a launched child always dies with its parent:
// it would otherwise wait for one that is gone.
struct SignalOnParentDeath {
    enum class When { launched, always };  // become() has no parent of ours: it skips `launched`
    int signal = 0;
    When when = When::always;
};
// A short file of the kernel's (/proc, /sys) written in one write(2).
struct WriteFile {
    std::string path;
    std::string content;
};
// Parent only: the child's uid_map and gid_map, directly or through newuidmap(1)/newgidmap(1).
struct WriteIdMaps {
    enum class Through { proc, helpers };
    IdMaps maps;
    Through through = Through::proc;
};
struct NewSession {};
// One descriptor, for every program of the plan: a daemon's log, say.
struct Redirect {
    Redirection redirection;
};
struct RedirectDescriptors {};  // Program::redirections, in their order
// A memory file with every seal against changes of its content. Never executable where the kernel
// can say so (Linux 6.3).
struct GiveSealedFile {
    DescriptorFile file;
    bool never_executable = true;
};
struct BringUpLoopback {};
struct SetHostname {
    std::string name;
};
struct SetDomainname {
    std::string name;
};
struct SetAffinity {
    cpu_set_t cpus;
};
struct SetPersonality {
    unsigned long persona = 0;
};
struct DefaultSignal {
    int signal = 0;
};

// Mounts made in this namespace stay in it. A new user namespace does this by itself
// (mount_namespaces(7)); without one it has to be said.
struct StopPropagation {};
struct RootFromDirectory {
    std::string from;
    MountAttributes attributes;
};
struct MakeSymlink {
    std::string target;
    std::string path;
};
// A layer over the directory takes the writes. The points and links are made in the layer before it
// is in use, with the directories on the way as `from` has them: in an overlay even root of a user
// namespace can make nothing in directories of users without a place there. Their paths have no
// links in them.
struct RootFromOverlay {
    std::string from;
    std::string size;
    MountAttributes attributes;
    std::vector<MountPoint> points;
    bool user_xattr = true;  // the overlay's marks where trusted.* is not to be had
    std::string layer = {};  // the host's directory for the writes; empty: a tmpfs
    std::vector<MakeSymlink> links = {};
};
// An empty tmpfs, to be filled with what it is to show and then restricted.
struct RootFromTmpfs {};
struct RestrictRoot {
    MountAttributes attributes;
};
struct AttachBind {
    Bind bind;
    MakePoint make = MakePoint::never;
};
// A new instance of a file system.
struct AttachNew {
    std::string type;
    std::vector<std::pair<std::string, std::string>> options;  // "" as value: a flag
    std::string to;
    MountAttributes attributes;
    MakePoint make = MakePoint::never;
};
struct AttachFiles {
    std::vector<GeneratedFile> files;
    MakePoint make = MakePoint::never;
};
struct MakePlace {
    MountPoint point;
};
// The new root becomes `/` and the old one is out of reach.
struct Pivot {};
// The directory becomes `/` by chroot(2); whoever has CAP_SYS_CHROOT can leave it again.
struct Chroot {
    std::string directory;
};
// Keeps /proc/self open for a step after the pivot, where the guest may have no /proc.
struct HoldProcSelf {};
// For a process that enters: /proc/self/fd as an O_PATH descriptor, through which it can open its
// descriptors anew where it sees no /proc. Cut off: a mount of that directory alone, so that `..`
// leads nowhere.
struct OpenProcSelfFd {
    bool cut_off = true;
};
// Likewise /proc/self/mountinfo, by way of what HoldProcSelf holds. After the pivot: its root is
// what was `/` when it was opened.
struct OpenMountinfo {};
// The file that this process executes, and the init after it, becomes the same file on a read-only
// mount that goes with the old root. Real root in the sandbox may come to it (/proc/1/exe, an image
// whose program is a link to /proc/self/exe), keep it open, and write to it once nobody executes it
// any more: CVE-2019-5736. ENOENT: it has no name any more, so nobody will execute it again.
struct ProtectExecutable {};
// Nested namespaces. Mounts that a less privileged one inherits are locked together
// (mount_namespaces(7)): none can be undone or loosened one by one.
struct LockMounts {
    uint32_t uid = 0;
    uint32_t gid = 0;
};

// Enters namespaces that are there, and takes their root for `/`. A process moves into a user
// namespace only as its only thread (setns(2)).
struct JoinNamespaces {
    std::vector<NamespaceHandle> namespaces;
};
// Sends descriptors of this process's namespaces, and of itself, to a socket: whoever has them can
// enter also when this process is gone.
struct OfferNamespaces {
    uint64_t kinds = 0;  // CLONE_NEW*
    int socket = -1;
};

struct ChangeDirectory {};  // to Program::directory
// Process 1 stays behind as the init; the rest of the plan is the program's process.
struct StartInit {};
struct SetLimit {
    ResourceLimit limit;
};
// Everything from 3 on that is not named is closed: not at exec but here, because the look-up of
// the program comes before exec closes anything, and could go through /proc/self/fd.
struct CloseDescriptors {
    std::vector<int> keep;  // ascending
    // A program finds those that are kept open at exec; a caller finds them as they were, with
    // those that were opened for it.
    Subject subject = Subject::program;
};
struct SetIds {
    std::optional<uint32_t> uid;
    std::optional<uint32_t> gid;
    std::optional<std::vector<uint32_t>> groups;
    bool keep_capabilities = false;  // which a change away from uid 0 would otherwise end
};
// What is dropped here can't come back, by no set-id program and no file capability. Needs
// CAP_SETPCAP, which a change away from uid 0 ends.
struct BoundCapabilities {
    CapabilitySet kept;
};
struct KeepCapabilities {
    CapabilitySet kept;
    bool ambient = false;  // so that a program that is not uid 0 has them too
};
struct ForbidNewPrivileges {};
struct InstallSeccomp {
    SeccompProgram program;
    std::string purpose;  // for people; may be empty
};
// A call of root's that can't succeed has to: a filter does nothing on a machine that it lacks.
struct CheckFakeRoot {};

// Somebody's program: in the parent as the caller, in the child restricted as the plan's later
// steps will restrict the program itself.
struct RunHook {
    Hook hook;
};

// Somebody's own function. In the child it may make system calls and nothing else: no allocation,
// no lock, no stdio, no exception. Returns 0 or a negative errno value.
struct Call {
    // Whether the function may run while the memory is shared with the waiting parent. If not,
    // launch() copies the address space for this plan.
    enum class Memory { may_be_shared, needs_a_copy };
    std::string name;
    int (*function)(void* argument) = nullptr;
    void* argument = nullptr;  // the caller's; must outlive the start
    Memory memory = Memory::needs_a_copy;
};

using Action = std::variant<
    SignalOnParentDeath, WriteFile, WriteIdMaps, NewSession, Redirect, RedirectDescriptors,
    GiveSealedFile, BringUpLoopback, SetHostname, SetDomainname, SetAffinity, SetPersonality,
    DefaultSignal, StopPropagation, RootFromDirectory, RootFromOverlay, RootFromTmpfs, RestrictRoot,
    AttachBind, AttachNew, AttachFiles, MakePlace, MakeSymlink, ProtectExecutable, Pivot, Chroot,
    HoldProcSelf, OpenProcSelfFd, OpenMountinfo, LockMounts, JoinNamespaces, OfferNamespaces,
    ChangeDirectory, StartInit, SetLimit, CloseDescriptors, SetIds, BoundCapabilities,
    KeepCapabilities, ForbidNewPrivileges, InstallSeccomp, CheckFakeRoot, RunHook, Call>;

}  // namespace step

// What a step may fail with and the start still go on. A step that is tolerated prints as `try`.
enum class Tolerate {
    nothing,
    absence,   // what it needs is not there (ENOENT, ENOTDIR): a default that this host lacks
    anything,  // never used for what isolates
};

struct Step {
    step::Action action;
    Tolerate tolerate = Tolerate::nothing;
};

// Which process carries a phase out.
enum class Side { child, parent };

struct Phase {
    std::string name;
    Side side = Side::child;
    std::vector<Step> steps;
};

// Which of the kernel's ways the steps use. The defaults are those of a current kernel.
struct KernelInterfaces {
    bool mount_trees = true;     // else mount(2)
    bool openat2 = true;         // else a walk, one component at a time
    bool close_range = true;     // else one fcntl(2) for each descriptor
    bool clone3 = true;          // else clone(2)
    bool pidfd = true;           // else the process id, with what that risks
    bool open_tree_attr = true;  // else two calls, and no clone out of a detached mount

    bool operator==(const KernelInterfaces&) const = default;
};

class Plan {
  public:
    uint64_t namespaces = 0;  // CLONE_NEW* for clone3(2) or unshare(2)
    KernelInterfaces kernel;
    bool has_root = false;  // whether a phase makes a new root, which destinations lie beneath
    Subject subject = Subject::program;  // who carries it out: launch() and become(), or enter()

    const std::vector<Phase>& phases() const { return phases_; }
    bool has(std::string_view name) const;

    // Editing. Names are unique; one that is not there is an Error that lists those that are.
    Result<void> insert_before(std::string_view name, Phase phase);
    Result<void> insert_after(std::string_view name, Phase phase);
    Result<void> prepend(Phase phase);
    Result<void> append(Phase phase);  // the last thing before exec, which is not a phase
    Result<void> replace(std::string_view name, Phase phase);
    Result<void> remove(std::string_view name);

    // Every step, one a line, as it will be carried out; with the program's part where one is
    // given. This is what `--explain` prints.
    std::string text(const Program* program = nullptr) const;

  private:
    size_t index_of(std::string_view name) const;  // phases_.size() where there is none
    Result<size_t> find(std::string_view name) const;
    Result<void> insert_at(size_t position, Phase phase);

    std::vector<Phase> phases_;
};

// The order of the phases is decided here and nowhere else. Fails where the Spec asks for what
// would have no effect or what this host cannot give.
Result<Plan> compile(const Spec& spec, const Host& host);

}  // namespace caisson
#pragma GCC visibility pop
