// SPDX-License-Identifier: Apache-2.0
//
// What is wanted: plain values with defaults. compile() (plan.h) refuses a field that would have
// no effect, so what is set here either holds for the program or is an error.
#pragma once

#include <sched.h>
#include <signal.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "caisson/mount.h"
#include "caisson/policy.h"

#pragma GCC visibility push(default)
namespace caisson {

// Which namespaces are private to the sandbox (namespaces(7)).
struct Namespaces {
    bool user = false;
    bool mount = false;
    bool pid = false;
    bool net = false;
    bool ipc = false;
    bool uts = false;
    bool cgroup = false;
    bool time = false;
};

// What happens to a write beneath the root directory.
enum class RootWrites {
    refused,    // the root and every mount below it are read-only
    kept,       // they go to the directory itself
    discarded,  // they go to a tmpfs over it and end with the sandbox
    layered,    // they go to Root::layer, and are there again with the next sandbox that names it
};

// How the directory becomes `/`.
enum class RootChange {
    pivot,   // pivot_root(2) in a mount namespace: nothing of the old root is left
    chroot,  // chroot(2), which needs no namespace but root: a capability leads out of it
};

// The directory that becomes `/`. "/" is one: the host's own root, seen through a sandbox.
struct Root {
    std::string directory;
    RootWrites writes = RootWrites::refused;
    std::string discard_size;  // of the tmpfs for RootWrites::discarded, as tmpfs(5) takes it
    // nosuid, nodev and noexec of the root and of every mount below it; read-only is what `writes`
    // says. Not for a root that is made of more than the directory.
    MountAttributes attributes = {};
    RootChange change = RootChange::pivot;
    // For RootWrites::layered: a directory of the host's, with the root's not inside. It gets
    // the directories `upper` and `work` of an overlay, and serves one sandbox at a time.
    std::string layer = {};
};

// `count` ids from `inside` on are, for the rest of the machine, those from `outside` on.
struct IdRange {
    uint32_t inside = 0;
    uint32_t outside = 0;
    uint32_t count = 1;

    bool operator==(const IdRange&) const = default;
};

// How ids in the user namespace map. Both empty: the caller's own id and nothing else, which an
// ordinary user may write without help. Anything more goes through newuidmap(1) and newgidmap(1)
// where the caller is not root.
struct IdMaps {
    std::vector<IdRange> uids;
    std::vector<IdRange> gids;
};

struct ResourceLimit {
    int resource = 0;   // RLIMIT_* of getrlimit(2)
    uint64_t soft = 0;  // UINT64_MAX: unlimited
    uint64_t hard = 0;
};

// A sealed memory file that the program finds open on a descriptor, for reading from its beginning:
// nobody can change it any more, neither the program nor who made the sandbox.
struct DescriptorFile {
    int descriptor = -1;
    std::string from;     // a file of the host's that it is a copy of; or else
    std::string content;  // what is in it
};

// Arguments and variables of a hook together: they are laid out on a stack of a fixed size.
constexpr size_t max_hook_texts = 4096;

// A program that is run while the sandbox is put together. The start ends where it can't be run,
// exits with anything but 0, or takes too long; it is killed then with its process group. It gets
// the sandbox's state as a JSON object on its standard input (as the OCI runtime specification has
// it, with the root directory as "root"), CAISSON_PID and CAISSON_ROOT in its environment, and
// standard error for both of its outputs.
struct Hook {
    std::vector<std::string> arguments;    // argv whole; argv[0] is an absolute path
    std::vector<std::string> environment;  // "NAME=value"
    uint32_t timeout_s = 30;               // in seconds, 1 … 86,400
};

struct Hooks {
    // Outside the sandbox and as the caller, once all is mounted. The new root is not `/` yet: it
    // is reached through /proc, at the path that the hook is told.
    std::vector<Hook> host;
    // Inside, with the ids, capabilities and filter of the program.
    std::vector<Hook> guest;
    // After those, in the same way; for what each process that enters the sandbox has to do.
    std::vector<Hook> peer;
};

// Who is process 1 in a private pid namespace.
enum class Init {
    small,  // a process of ours: reaps, forwards signals, reports how the program ended
    none,   // the program itself
};

// Who is put into the sandbox.
enum class Subject {
    program,  // one that is started: launch() and become()
    caller,   // the process that calls, or rather its fork: enter()
};

// One namespace by a descriptor of it (/proc/PID/ns/…), which stays its owner's.
struct NamespaceHandle {
    uint64_t kind = 0;  // CLONE_NEW*
    int fd = -1;
};

// A sandbox that is there already, and what its programs are held to. A program that joins it has
// its ids, and never more than it has: no capability, filter or set-id program more.
struct ExistingSandbox {
    // In the order in which they are entered: each after the user namespace that owns it.
    std::vector<NamespaceHandle> namespaces;
    uint32_t uid = 0;       // inside
    bool sets_ids = false;  // whether the ids below have to be taken on once inside
    std::optional<uint32_t> set_uid;
    std::optional<uint32_t> set_gid;
    std::optional<std::vector<uint32_t>> set_groups;
    CapabilitySet capabilities = CapabilitySet::all();
    bool no_new_privileges = false;
    std::optional<SeccompProgram> seccomp;
};

struct Spec {
    Subject subject = Subject::program;
    Namespaces namespaces;

    std::optional<Root> root;   // none: the host's root, in whatever mount namespace this is
    std::vector<Mount> mounts;  // in this order; later ones may lie on earlier ones
    bool lock_mounts = false;   // nested user and mount namespaces, so that no mount can be undone

    std::optional<uint32_t> uid;  // ids inside the sandbox; none: the caller's own
    std::optional<uint32_t> gid;
    std::optional<std::vector<uint32_t>> groups;  // supplementary; none: the caller's own
    IdMaps id_maps;

    std::string hostname;  // needs namespaces.uts
    std::string domainname;

    // What the program may keep; none: what the caller has, or a new user namespace gives.
    std::optional<CapabilitySet> capabilities;
    bool no_new_privileges = true;
    std::optional<SeccompProgram> seccomp;
    bool fake_root = false;  // SeccompProgram::fake_root(), beneath `seccomp`; checked to work

    Hooks hooks;

    Init init = Init::small;       // only meaningful with namespaces.pid
    bool new_session = false;      // setsid(2): no controlling terminal, so no TIOCSTI
    bool die_with_parent = false;  // SIGKILL when the thread that started the sandbox ends
    std::vector<ResourceLimit> limits;
    std::optional<int> oom_score_adjust;       // -1000 … 1000 (proc_pid_oom_score_adj(5))
    std::optional<unsigned long> personality;  // personality(2)
    std::optional<cpu_set_t> cpu_affinity;     // sched_setaffinity(2)
    std::vector<int> default_signals;          // set to SIG_DFL: a caller may ignore SIGPIPE
    bool close_descriptors = true;             // all but 0–2 and keep_descriptors
    std::vector<int> keep_descriptors;
    std::vector<DescriptorFile> descriptor_files;

    // Enter this sandbox in place of making one; then namespaces, root, mounts and ids are its.
    std::optional<ExistingSandbox> join;
    // A connected socket that the finished namespaces are sent to, for others to join (join.h).
    int offer_namespaces = -1;
};

// One descriptor of the caller's that the program gets under another number.
struct Redirection {
    int from = -1;
    int to = -1;
};

// What is run in the sandbox. Kept apart from Spec so that one plan serves many programs.
struct Program {
    // Tried in this order, as execvp(3) does along PATH; absolute, or relative to the directory.
    std::vector<std::string> candidates;
    std::vector<std::string> arguments;    // argv whole, argv[0] included
    std::vector<std::string> environment;  // "NAME=value"
    std::string directory = "/";           // inside the sandbox; empty: where the caller is
    std::vector<Redirection> redirections;
    std::optional<sigset_t> signal_mask;  // none: what the caller had blocked
};

// A Program that runs arguments[0], looked up along `path` where it has no slash.
Program program_from(std::vector<std::string> arguments, std::vector<std::string> environment,
                     const std::string& path);

}  // namespace caisson
#pragma GCC visibility pop
