// SPDX-License-Identifier: Apache-2.0
//
// The options of `caisson run`. A row says all about one; what it does to the request is one line
// or a function of run_values.h.
#include <algorithm>
#include <array>
#include <string_view>

#include "cli/option_table.h"
#include "cli/run_request.h"
#include "cli/run_values.h"

namespace caisson::cli {
namespace {

using R = RunRequest;
using Row = Option<RunRequest>;
using enum Takes;

constexpr const char* files = "File system";
constexpr const char* program = "Program";
constexpr const char* ids = "Users and privileges";
constexpr const char* isolation = "Isolation";
constexpr const char* control = "Control";

constexpr Row rows[] = {
    {"write",
     'w',
     nothing,
     nullptr,
     files,
     "Writes go to the image itself.",
     {},
     nullptr,
     [](R& r, const char*) { return set_writes(r, RootWrites::kept, nullptr); }},
    {"write-fake",
     'W',
     maybe_value,
     "SIZE",
     files,
     "Writes go to a tmpfs over the image and are gone at the end. SIZE is tmpfs's: 64m, 10%.",
     {},
     nullptr,
     [](R& r, const char* v) { return set_writes(r, RootWrites::discarded, v); }},
    {"bind", 'b', value, "SRC[:DST[:OPTS]]", files,
     "Show the host's SRC at DST (by default the same path). OPTS are joined by commas: ro, rw, "
     "try (skip what is missing), nosuid, nodev, noexec, norec (without the mounts below). "
     "Recursive and writable by default; later ones win.",
     Completes::file, nullptr, add_bind},
    {"tmpfs",
     '\0',
     value,
     "DST[:OPTS]",
     files,
     "An empty tmpfs at DST. OPTS: size=SIZE, mode=MODE, ro, nosuid, nodev, noexec, exec, suid, "
     "dev.",
     {},
     nullptr,
     add_tmpfs},
    {"mount",
     '\0',
     value,
     "type=TYPE,…",
     files,
     "A mount in podman's syntax. TYPE is bind, tmpfs, overlay, proc, mqueue or devpts; keys are "
     "src, dst, ro, nosuid, nodev, noexec, bind-nonrecursive, tmpfs-size, tmpfs-mode, and for "
     "overlay lowerdir (or src), upperdir, workdir.",
     {},
     nullptr,
     add_mount},
    {"storage", '\0', value, "DIR", files,
     "Where IMAGE is looked up by name; by default CH_IMAGE_STORAGE, or /var/tmp/USER.ch.",
     Completes::directory, nullptr,
     [](R& r, const char* v) { return set(r.storage, std::string(v)); }},
    {"dev", '\0', value, "KIND", files,
     "host: the host's /dev (default). minimal: null zero full random urandom tty, pts, shm and "
     "the fd links, nothing else.",
     Completes::words, "host minimal", set_dev},
    {"private-tmp",
     't',
     nothing,
     nullptr,
     files,
     "A tmpfs of its own at /tmp, not the host's TMPDIR.",
     {},
     nullptr,
     [](R& r, const char*) { return set(r.guest.host_tmp, false); }},
    {"home",
     '\0',
     nothing,
     nullptr,
     files,
     "Show the caller's home directory at /home/USER and make it HOME; implies -W, with 12% of the "
     "memory unless -W has said more.",
     {},
     nullptr,
     [](R& r, const char*) { return set(r.home, true); }},
    {"no-passwd",
     '\0',
     nothing,
     nullptr,
     files,
     "Leave the image's /etc/passwd and /etc/group as they are.",
     {},
     nullptr,
     [](R& r, const char*) { return set(r.guest.generate_accounts, false); }},
    {"lock-mounts",
     '\0',
     nothing,
     nullptr,
     files,
     "Run the program in nested user and mount namespaces, where no mount can be undone.",
     {},
     nullptr,
     [](R& r, const char*) { return set(r.spec.lock_mounts, true); }},

    {"cd",
     'c',
     value,
     "DIR",
     program,
     "Start in DIR, a path in the image; by default /.",
     {},
     nullptr,
     [](R& r, const char* v) { return set(r.directory, inside_path(v)); }},
    {"set-env", '\0', maybe_value, "NAME=VALUE|FILE", program,
     "Set a variable, or all that a host's FILE of NAME=VALUE lines has; without an argument, all "
     "that the image's /ch/environment has. In VALUE, items $NAME between colons are replaced.",
     Completes::file, nullptr, [](R& r, const char* v) { return set_env(r, v, '\n'); }},
    {"set-env0", '\0', maybe_value, "NAME=VALUE|FILE", program,
     "The same, where a file has NUL after each assignment, as env -0 writes them.",
     Completes::file, nullptr, [](R& r, const char* v) { return set_env(r, v, '\0'); }},
    {"unset-env",
     '\0',
     value,
     "GLOB",
     program,
     "Unset the variables whose names match GLOB, as the shell's extended patterns do.",
     {},
     nullptr,
     unset_env},
    {"env-no-expand",
     '\0',
     nothing,
     nullptr,
     program,
     "Take the values of --set-env and --set-env0 as they are, wherever this option stands.",
     {},
     nullptr,
     [](R& r, const char*) { return set(r.expansion, Expansion::off); }},
    {"clear-env",
     '\0',
     nothing,
     nullptr,
     program,
     "Start from an empty environment but for PATH, HOME and TERM.",
     {},
     nullptr,
     clear_env},
    {"close-fds", '\0', maybe_value, "yes|no", program,
     "Close all descriptors but 0, 1, 2 and those kept; this is the default.", Completes::words,
     "yes no", set_close_fds},
    {"keep-fd", '\0', value, "N", program, "Pass descriptor N on as well.", {}, nullptr, keep_fd},
    {"rlimit", '\0', value, "NAME=SOFT[:HARD]", program,
     "A resource limit (getrlimit(2)): nofile=1024:4096, core=0, as=unlimited.", Completes::words,
     "as= core= cpu= data= fsize= locks= memlock= msgqueue= nice= nofile= nproc= rss= rtprio= "
     "rttime= sigpending= stack=",
     add_rlimit},

    {"uid",
     'u',
     value,
     "UID",
     ids,
     "Be user UID inside; by default the caller's number.",
     {},
     nullptr,
     [](R& r, const char* v) { return set_id(r.spec.uid, v); }},
    {"gid",
     'g',
     value,
     "GID",
     ids,
     "Be group GID inside; by default the caller's number.",
     {},
     nullptr,
     [](R& r, const char* v) { return set_id(r.spec.gid, v); }},
    {"id-map", '\0', value, "single|subids|IN:OUT:N,…", ids,
     "Which ids exist inside: single is the caller's alone (default); subids is the caller as 0 "
     "and the ranges of /etc/subuid and /etc/subgid from 1 on; or ranges of one's own, for users "
     "and groups alike, u: or g: in front for one of them.",
     Completes::words, "single subids", set_id_map},
    {"cap-add", '\0', value, "CAP,…", ids,
     "Leave capabilities to the program, or all. User 0 has docker's default set without it.",
     Completes::words, "all", [](R& r, const char* v) { return add_capabilities(r.add, v); }},
    {"cap-drop", '\0', value, "CAP,…", ids, "Take capabilities away, or all.", Completes::words,
     "all", [](R& r, const char* v) { return add_capabilities(r.drop, v); }},
    {"allow-new-privs",
     '\0',
     nothing,
     nullptr,
     ids,
     "Let set-id programs and file capabilities work (no_new_privs is set otherwise).",
     {},
     nullptr,
     [](R& r, const char*) { return set(r.spec.no_new_privileges, false); }},
    {"fake-root",
     '\0',
     nothing,
     nullptr,
     ids,
     "Calls that only root may make succeed and do nothing: chown, setuid and their like, capset, "
     "mknod of devices. Package managers then work; it protects nothing.",
     {},
     nullptr,
     [](R& r, const char*) { return set(r.spec.fake_root, true); }},
    {"seccomp", '\0', value, "FILE", ids,
     "Install the seccomp filter in FILE, compiled: struct sock_filter as libseccomp's "
     "seccomp_export_bpf writes it. - is standard input.",
     Completes::file, nullptr, set_seccomp},

    {"private", '\0', value, "LIST", isolation,
     "Namespaces of its own, joined by commas: pid (with a /proc of its own), net (loopback only), "
     "ipc, uts, cgroup, time, or all.",
     Completes::words, "all pid net ipc uts cgroup time", set_private},
    {"hostname",
     '\0',
     value,
     "NAME",
     isolation,
     "The host name inside; needs --private uts.",
     {},
     nullptr,
     [](R& r, const char* v) { return set(r.spec.hostname, std::string(v)); }},
    {"no-init",
     '\0',
     nothing,
     nullptr,
     isolation,
     "With --private pid: the program itself is process 1.",
     {},
     nullptr,
     [](R& r, const char*) { return set(r.spec.init, Init::none); }},
    {"new-session",
     '\0',
     nothing,
     nullptr,
     isolation,
     "A session of its own, so that it can't type into the terminal (TIOCSTI).",
     {},
     nullptr,
     [](R& r, const char*) { return set(r.spec.new_session, true); }},
    {"die-with-parent",
     '\0',
     nothing,
     nullptr,
     isolation,
     "Kill the program when the process that started caisson ends, or caisson itself does.",
     {},
     nullptr,
     [](R& r, const char*) { return set(r.spec.die_with_parent, true); }},

    {"timeout",
     '\0',
     value,
     "DURATION",
     control,
     "End the program after 10, 1.5m, 2h or 1d: SIGTERM, ten seconds later SIGKILL; exit 124.",
     {},
     nullptr,
     set_timeout},
    {"status-fd",
     '\0',
     value,
     "N",
     control,
     "Report to descriptor N, one JSON object a line, when the program started and how it ended.",
     {},
     nullptr,
     set_status_fd},
    {"trace", '\0', value, "FILE", control,
     "Write how long each phase took to FILE, as Chrome trace JSON.", Completes::file, nullptr,
     [](R& r, const char* v) { return set(r.trace_file, std::string(v)); }},
    {"explain",
     '\0',
     nothing,
     nullptr,
     control,
     "Print the plan and start nothing.",
     {},
     nullptr,
     [](R& r, const char*) { return set(r.explain, true); }},
    {"help",
     'h',
     nothing,
     nullptr,
     control,
     "Print this.",
     {},
     nullptr,
     [](R& r, const char*) { return set(r.help, true); }},
};

// Options that ask nothing of libc but memory and system calls. Not those that read a file: it may
// be a pipe, which can't be read again when libc's start has to begin anew.
constexpr std::string_view before_libc[] = {
    "write",       "write-fake",      "bind",      "tmpfs",     "dev",
    "private-tmp", "no-passwd",       "cd",        "uid",       "gid",
    "cap-add",     "cap-drop",        "clear-env", "close-fds", "rlimit",
    "keep-fd",     "allow-new-privs",
};

constexpr auto rows_before_libc = [] {
    auto copy = std::to_array(rows);
    for (Row& row : copy) {
        if (std::ranges::find(before_libc, std::string_view(row.name)) != std::end(before_libc))
            continue;
        row.apply = [](R&, const char*) -> Result<void> { return Error{}; };
    }
    return copy;
}();

}  // namespace

std::span<const Option<RunRequest>> run_options() {
    return rows;
}

std::span<const Option<RunRequest>> run_options_before_libc() {
    return rows_before_libc;
}

}  // namespace caisson::cli
