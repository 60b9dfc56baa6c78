// SPDX-License-Identifier: Apache-2.0
//
// The options of `caisson run`. A row says all about one; what it does to the request is one line
// or a function of run_values.h.
#include <string_view>

#include "cli/before_libc.h"
#include "cli/image_config.h"
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
constexpr const char* peers = "Sharing a sandbox";
constexpr const char* control = "Control";

constexpr Row rows[] = {
    Row::flag("write", 'w', files, "Writes go to the image itself.",
              [](R& r, const char*) { return set_writes(r, RootWrites::kept, nullptr); }),
    {"write-fake",
     'W',
     maybe_value,
     "SIZE",
     files,
     "Writes go to a tmpfs over the image and are gone at the end. SIZE is tmpfs's: 64m, 10%.",
     {},
     nullptr,
     [](R& r, const char* v) { return set_writes(r, RootWrites::discarded, v); }},
    {"overlay", '\0', value, "DIR", files,
     "Writes go to DIR and are there again with the next run that names it; the image stays as it "
     "is. One run at a time.",
     Completes::directory, nullptr, set_overlay},
    {"bind", 'b', value, "SRC[:DST[:OPTS]]", files,
     "Show the host's SRC at DST (by default the same path). OPTS are joined by commas: ro, rw, "
     "try (skip what is missing), nosuid, nodev, noexec, norec (without the mounts below), merge "
     "(share a mount of SRC's directory with other binds of that kind; see the manual). "
     "Recursive and writable by default; later ones win.",
     Completes::file, nullptr, add_bind},
    Row::with(
        "tmpfs", '\0', "DST[:OPTS]", files,
        "An empty tmpfs at DST. OPTS: size=SIZE, mode=MODE, ro, nosuid, nodev, noexec, exec, suid, "
        "dev.",
        add_tmpfs),
    Row::with(
        "mount", '\0', "type=TYPE,…", files,
        "A mount in podman's syntax. TYPE is bind, tmpfs, overlay, proc, mqueue or devpts; keys "
        "are "
        "src, dst, ro, nosuid, nodev, noexec, bind-nonrecursive, tmpfs-size, tmpfs-mode, and for "
        "overlay lowerdir (or src), upperdir, workdir.",
        add_mount),
    {"storage", '\0', value, "DIR", files,
     "Where IMAGE is looked up by name; by default CH_IMAGE_STORAGE, or /var/tmp/USER.ch.",
     Completes::directory, nullptr,
     [](R& r, const char* v) { return set(r.storage, std::string(v)); }},
    {"dev", '\0', value, "KIND", files,
     "host: the host's /dev (default). minimal: null zero full random urandom tty, pts, shm and "
     "the fd links, nothing else.",
     Completes::words, "host minimal", set_dev},
    Row::with("device", '\0', "DEVICE", files,
              "What a device needs, as its vendor describes it (CDI): KIND=NAME, KIND for all of a "
              "kind, or "
              "the path of a description. Implies -W.",
              add_device),
    Row::flag("devices", 'd', files, "The same for all devices that are described.",
              [](R& r, const char*) { return add_device(r, "all"); }),
    {"cdi-dirs", '\0', value, "DIR:…", files,
     "Where descriptions of devices are; by default /etc/cdi:/var/run/cdi, the later one wins.",
     Completes::directory, nullptr, set_device_directories},
    Row::flag("private-tmp", 't', files, "A tmpfs of its own at /tmp, not the host's TMPDIR.",
              [](R& r, const char*) { return set(r.guest.host_tmp, false); }),
    Row::flag(
        "home", '\0', files,
        "Show the caller's home directory at /home/USER and make it HOME; implies -W, with 12% of "
        "the "
        "memory unless -W has said more.",
        [](R& r, const char*) { return set(r.home, true); }),
    Row::flag("no-passwd", '\0', files, "Leave the image's /etc/passwd and /etc/group as they are.",
              [](R& r, const char*) { return set(r.guest.generate_accounts, false); }),
    Row::flag("lock-mounts", '\0', files,
              "Run the program in nested user and mount namespaces, where no mount can be undone.",
              [](R& r, const char*) { return set(r.spec.lock_mounts, true); }),
    Row::with("cd", 'c', "DIR", program, "Start in DIR, a path in the image; by default /.",
              [](R& r, const char* v) { return set(r.directory, inside_path(v)); }),
    {"set-env", '\0', maybe_value, "NAME=VALUE|FILE", program,
     "Set a variable, or all that a host's FILE of NAME=VALUE lines has; without an argument, all "
     "that the image's /ch/environment has. In VALUE, items $NAME between colons are replaced.",
     Completes::file, nullptr, [](R& r, const char* v) { return set_env(r, v, '\n'); }},
    {"set-env0", '\0', maybe_value, "NAME=VALUE|FILE", program,
     "The same, where a file has NUL after each assignment, as env -0 writes them.",
     Completes::file, nullptr, [](R& r, const char* v) { return set_env(r, v, '\0'); }},
    Row::with("unset-env", '\0', "GLOB", program,
              "Unset the variables whose names match GLOB, as the shell's extended patterns do.",
              unset_env),
    Row::flag(
        "env-no-expand", '\0', program,
        "Take the values of --set-env and --set-env0 as they are, wherever this option stands.",
        [](R& r, const char*) { return set(r.expansion, Expansion::off); }),
    Row::flag(
        "image-env", '\0', program,
        "Set the variables that the image's own configuration has, below those of all options.",
        [](R& r, const char*) {
            return set(r.from_image, r.from_image ? r.from_image : apply_image_environment);
        }),
    Row::flag(
        "image-config", '\0', program,
        "Run the image as its own configuration says: entrypoint, command, working directory, user "
        "and "
        "variables. What the command line says itself comes before it.",
        [](R& r, const char*) { return set(r.from_image, apply_image_config); }),
    Row::flag("clear-env", '\0', program,
              "Start from an empty environment but for PATH, HOME and TERM.", clear_env),
    {"close-fds", '\0', maybe_value, "yes|no", program,
     "Close all descriptors but 0, 1, 2 and those kept; this is the default.", Completes::words,
     "yes no", set_close_fds},
    Row::with("keep-fd", '\0', "N", program, "Pass descriptor N on as well.", keep_fd),
    {"file-fd", '\0', value, "N=PATH", program,
     "Open a sealed copy of the host's file PATH on descriptor N, to be read there or through "
     "/proc/self/fd/N; nobody can change it, the program's own processes included.",
     Completes::file, nullptr, add_file_fd},
    {"rlimit", '\0', value, "NAME=SOFT[:HARD]", program,
     "A resource limit (getrlimit(2)): nofile=1024:4096, core=0, as=unlimited.", Completes::words,
     "as= core= cpu= data= fsize= locks= memlock= msgqueue= nice= nofile= nproc= rss= rtprio= "
     "rttime= sigpending= stack=",
     add_rlimit},
    Row::with("uid", 'u', "UID", ids, "Be user UID inside; by default the caller's number.",
              [](R& r, const char* v) { return set_id(r.spec.uid, v); }),
    Row::with("gid", 'g', "GID", ids, "Be group GID inside; by default the caller's number.",
              [](R& r, const char* v) { return set_id(r.spec.gid, v); }),
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
    Row::flag("allow-new-privs", '\0', ids,
              "Let set-id programs and file capabilities work (no_new_privs is set otherwise).",
              [](R& r, const char*) { return set(r.spec.no_new_privileges, false); }),
    Row::flag("fake-root", '\0', ids,
              "Calls that only root may make succeed and do nothing: chown, setuid and their like, "
              "capset, "
              "mknod of devices. Package managers then work; it protects nothing.",
              [](R& r, const char*) { return set(r.spec.fake_root, true); }),
    {"seccomp", '\0', value, "FILE", ids,
     "Install the seccomp filter in FILE, compiled: struct sock_filter as libseccomp's "
     "seccomp_export_bpf writes it. - is standard input.",
     Completes::file, nullptr, set_seccomp},
    {"private", '\0', value, "LIST", isolation,
     "Namespaces of its own, joined by commas: pid (with a /proc of its own), net (loopback only), "
     "ipc, uts, cgroup, time, or all.",
     Completes::words, "all pid net ipc uts cgroup time", set_private},
    Row::with("hostname", '\0', "NAME", isolation, "The host name inside; needs --private uts.",
              [](R& r, const char* v) { return set(r.spec.hostname, std::string(v)); }),
    Row::flag("no-init", '\0', isolation, "With --private pid: the program itself is process 1.",
              [](R& r, const char*) { return set(r.spec.init, Init::none); }),
    Row::flag("new-session", '\0', isolation,
              "A session of its own, so that it can't type into the terminal (TIOCSTI).",
              [](R& r, const char*) { return set(r.spec.new_session, true); }),
    Row::flag(
        "die-with-parent", '\0', isolation,
        "Kill the program when the process that started caisson ends, or caisson itself does.",
        [](R& r, const char*) { return set(r.spec.die_with_parent, true); }),
    Row::flag(
        "join", 'j', peers,
        "Share one sandbox with the others that mpirun or srun starts on this node: the first "
        "makes "
        "it, the rest enter it. It can be joined while the first one's program runs.",
        [](R& r, const char*) { return set(r.join.peers, true); }),
    Row::with(
        "join-ct", '\0', "N", peers,
        "They are N; by default as many as Open MPI, MVAPICH2, MPICH, PMI, PALS or Slurm say. "
        "Implies "
        "--join.",
        join_count),
    Row::with(
        "join-tag", '\0', "TAG", peers,
        "They are those that say TAG; by default those of one MPI job or Slurm step, or else of "
        "one "
        "parent process. Implies --join; without a number of peers, whoever comes.",
        join_tag),
    Row::with("join-pid", '\0', "PID", peers, "Enter the sandbox that process PID is in.",
              join_pid),
    Row::flag("join-env", '\0', peers,
              "Set and unset the variables that the first one's options and image do, too.",
              [](R& r, const char*) { return set(r.join.environment, true); }),
    Row::with(
        "join-timeout", '\0', "DURATION", peers,
        "Wait so long for the first one's sandbox, and for the last peer before saying who has not "
        "come; by default 30 seconds.",
        join_timeout),
    Row::with(
        "timeout", '\0', "DURATION", control,
        "End the program after 10, 1.5m, 2h or 1d: SIGTERM, ten seconds later SIGKILL; exit 124.",
        set_timeout),
    Row::with("status-fd", '\0', "N", control,
              "Report to descriptor N, one JSON object a line, when the program started and how it "
              "ended.",
              set_status_fd),
    {"trace", '\0', value, "FILE", control,
     "Write how long each phase took to FILE, as Chrome trace JSON.", Completes::file, nullptr,
     [](R& r, const char* v) { return set(r.trace_file, std::string(v)); }},
    Row::flag("no-config", '\0', control,
              "Read no configuration file, the site's as little as your own.",
              [](R& r, const char*) { return set(r.no_config, true); }),
    Row::flag("explain", '\0', control, "Print the plan and start nothing.",
              [](R& r, const char*) { return set(r.explain, true); }),
    Row::flag("help", 'h', control, "Print this.",
              [](R& r, const char*) { return set(r.help, true); }),
};

// Options that ask nothing of libc but memory and system calls. Not those that read a file: it may
// be a pipe, which can't be read again when libc's start has to begin anew.
constexpr std::string_view before_libc[] = {
    "write",       "write-fake",      "bind",      "tmpfs",     "dev",
    "private-tmp", "no-passwd",       "cd",        "uid",       "gid",
    "cap-add",     "cap-drop",        "clear-env", "close-fds", "rlimit",
    "keep-fd",     "allow-new-privs", "no-config",
};

constexpr auto rows_before_libc = with_only(before_libc, rows);

}  // namespace

std::span<const Option<RunRequest>> run_options() {
    return rows;
}

std::span<const Option<RunRequest>> run_options_before_libc() {
    return rows_before_libc;
}

}  // namespace caisson::cli
