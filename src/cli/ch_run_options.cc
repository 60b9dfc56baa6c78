// SPDX-License-Identifier: Apache-2.0
//
// The options of ch-run, in the order in which its help and glibc's messages list them. What they
// do to the request is one line or a function of ch_run_values.h.
#include "cli/before_libc.h"
#include "cli/ch_run_values.h"
#include "cli/run_values.h"

namespace caisson::cli {
namespace {

using R = ChRunRequest;
using Row = Option<ChRunRequest>;
using Answer = ChRunRequest::Answer;
using enum Takes;

constexpr const char* group = "Options";

constexpr Row rows[] = {
    Row::flag("abort-fatal", '\0', group, "End with abort(3) on a fatal error, for a core dump.",
              [](R& r, const char*) { return set(r.abort_on_fatal, true); }),
    {"bind", 'b', value, "SRC[:DST]", group, "Mount SRC at guest DST (default: same as SRC).",
     Completes::file, nullptr, ch_bind},
    Row::with("cd", 'c', "DIR", group, "Initial working directory in container.",
              [](R& r, const char* v) { return set(r.run.directory, inside_path(v)); }),
    {"cdi-dirs", '\0', value, "DIRS", group, "Directories of CDI specifications, between colons.",
     Completes::directory, nullptr, ch_cdi_dirs},
    {"color", '\0', maybe_value, "WHEN", group,
     "Colour messages: auto (the default: on a terminal), always (also without WHEN) or never.",
     Completes::words, "auto always never", ch_color},
    {"device", '\0', value, "DEV", group, "Inject the CDI device DEV.", Completes::file, nullptr,
     ch_device},
    Row::flag("devices", 'd', group, "Inject all CDI devices.",
              [](R& r, const char*) { return ch_device(r, "all"); }),
    Row::flag("env-no-expand", '\0', group, "Don't expand $ in --set-env input.",
              [](R& r, const char*) { return set(r.run.expansion, Expansion::off); }),
    {"feature", '\0', value, "FEAT", group, "Exit successfully if this host has FEAT.",
     Completes::words, "extglob overlayfs seccomp squash tmpfs-xattrs", ch_feature},
    Row::with("gid", 'g', "GID", group, "Run as GID within container.",
              [](R& r, const char* v) { return ch_id(r.run.spec.gid, "--gid", v); }),
    Row::flag("home", '\0', group, "Mount host $HOME at guest /home/$USER.",
              [](R& r, const char*) { return set(r.run.home, true); }),
    Row::flag("join", 'j', group, "Use same container as peer ch-run.",
              [](R& r, const char*) { return set(r.run.join.peers, true); }),
    Row::with("join-ct", '\0', "N", group, "Number of join peers (implies --join).", ch_join_count),
    Row::with("join-pid", '\0', "PID", group, "Join a namespace using a PID.", ch_join_pid),
    Row::with("join-tag", '\0', "TAG", group, "Label for peer group (implies --join).",
              ch_join_tag),
    {"mount", 'm', value, "DIR", group, "SquashFS mount point.", Completes::directory, nullptr,
     ch_mount_point},
    Row::flag("no-home", '\0', group, "Deprecated: home is not mounted anyway.", ch_no_home),
    Row::flag("no-passwd", '\0', group, "Don't bind-mount /etc/{passwd,group}.",
              [](R& r, const char*) { return set(r.run.guest.generate_accounts, false); }),
    Row::flag("private-tmp", 't', group, "Use container-private /tmp.",
              [](R& r, const char*) { return set(r.run.guest.host_tmp, false); }),
    Row::flag("quiet", 'q', group,
              "Print less: -qq also hides the command's output, -qqq also its errors.", ch_quiet),
    Row::flag("seccomp", '\0', group, "Fake some system calls for root emulation.",
              [](R& r, const char*) { return set(r.run.spec.fake_root, true); }),
    {"set-env", '\0', maybe_value, "ARG", group,
     "Set environment variables per ARG (newline-delimited).", Completes::file, nullptr,
     [](R& r, const char* v) { return set_env(r.run, v, '\n'); }},
    {"set-env0", '\0', maybe_value, "ARG", group,
     "Set environment variables per ARG (NUL-delimited).", Completes::file, nullptr,
     [](R& r, const char* v) { return set_env(r.run, v, '\0'); }},
    {"storage", 's', value, "DIR", group, "Set DIR as storage directory.", Completes::directory,
     nullptr, ch_storage},
    {"test", '\0', value, "TEST", group, "Print a message of each level; log-fail also fails.",
     Completes::words, "log log-fail", ch_test},
    Row::with("uid", 'u', "UID", group, "Run as UID within container.",
              [](R& r, const char* v) { return ch_id(r.run.spec.uid, "--uid", v); }),
    Row::flag("unsafe", '\0', group, "Do unsafe things (internal use only).",
              [](R& r, const char*) { return set(r.run.unsafe, true); }),
    Row::with("unset-env", '\0', "GLOB", group, "Unset environment variable(s).", ch_unset_env),
    Row::flag("verbose", 'v', group, "Be more verbose (can be repeated).", ch_verbose),
    Row::with("warnings", '\0', "N", group, "Log N warnings and exit.", ch_warnings),
    Row::flag("write", 'w', group, "Mount image read-write.",
              [](R& r, const char*) { return set_writes(r.run, RootWrites::kept, nullptr); }),
    {"write-fake",
     'W',
     maybe_value,
     "SIZE",
     group,
     "Overlay a writable tmpfs of SIZE (default: 12% of memory).",
     {},
     nullptr,
     [](R& r, const char* v) { return set_writes(r.run, RootWrites::discarded, v ? v : "12%"); }},
    Row::flag("help", '?', group, "Give this help list.",
              [](R& r, const char*) { return set(r.answer, Answer::help); }),
    Row::flag("usage", '\0', group, "Give a short usage message.",
              [](R& r, const char*) { return set(r.answer, Answer::usage); }),
    Row::flag("version", 'V', group, "Print version and exit.",
              [](R& r, const char*) { return set(r.answer, Answer::version); }),
};

// As in run_options.cc. Those that have a message to print in a run that succeeds are not among
// them.
constexpr std::string_view before_libc[] = {"bind",        "cd",  "gid",   "no-passwd",
                                            "private-tmp", "uid", "write", "write-fake"};

constexpr auto rows_before_libc = with_only(before_libc, rows);

}  // namespace

std::span<const Option<ChRunRequest>> ch_run_options() {
    return rows;
}

std::span<const Option<ChRunRequest>> ch_run_options_before_libc() {
    return rows_before_libc;
}

}  // namespace caisson::cli
