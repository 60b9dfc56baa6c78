// SPDX-License-Identifier: Apache-2.0
//
// The options of `caisson enter`. What it has in common with `caisson run` means the same.
#include <string.h>

#include "base/text.h"
#include "base/try.h"
#include "cli/enter_request.h"
#include "cli/run_values.h"

namespace caisson::cli {
namespace {

using R = EnterRequest;
using Row = Option<EnterRequest>;
using enum Takes;

constexpr const char* files = "File system";
constexpr const char* program = "Program";
constexpr const char* ids = "Users and privileges";
constexpr const char* isolation = "Isolation";
constexpr const char* control = "Control";

Error wrong(std::string reason) {
    return {{}, {}, {}, 0, std::move(reason), {}};
}

Result<void> set_mode(R& request, const char* value) {
    if (strcmp(value, "namespaces") == 0) return set(request.mode, EnterMode::namespaces);
    if (strcmp(value, "chroot") == 0) return set(request.mode, EnterMode::chroot);
    if (strcmp(value, "none") == 0) return set(request.mode, EnterMode::none);
    return wrong("is neither namespaces nor chroot nor none");
}

Result<void> set_groups(R& request, const char* value) {
    request.groups.emplace();
    if (!*value) return {};
    for (const std::string& part : text::split(value, ',')) {
        std::optional<uint32_t> group;
        TRY(set_id(group, part.c_str()));
        request.groups->push_back(*group);
    }
    return {};
}

Result<void> set_seccomp(R& request, const char* value) {
    if (strcmp(value, "none") == 0) return set(request.refusal, std::nullopt);
    if (strcmp(value, "kill") == 0) return set(request.refusal, CallRefusal::kill);
    if (strcmp(value, "log") == 0) return set(request.refusal, CallRefusal::log);
    if (strcmp(value, "trap") == 0) return set(request.refusal, CallRefusal::trap);
    return wrong("is neither none nor kill nor log nor trap");
}

Result<void> set_directory(R& request, const char* value) {
    if (!*value) return wrong("must not be empty");
    return set(request.directory, std::string(value));
}

constexpr Row rows[] = {
    {"dir", 'd', value, "DIR", files,
     "The directory that becomes / for the command. Mounts below it are there too, nosuid and "
     "nodev.",
     Completes::directory, nullptr, set_directory},
    Row::flag("read-only", 'r', files, "DIR and all mounts below it are read-only.",
              [](R& r, const char*) { return set(r.read_only, true); }),
    Row::flag("noexec", '\0', files, "Nothing in DIR can be executed.",
              [](R& r, const char*) { return set(r.noexec, true); }),
    Row::flag(
        "inside", 'i', program,
        "Look COMMAND up in DIR. Otherwise it is the host's, opened before and executed by its "
        "descriptor, for which it has to be static.",
        [](R& r, const char*) { return set(r.inside, true); }),
    Row::with("keep-fd", '\0', "N", program,
              "Pass descriptor N on as well: a socket that is bound already, say.",
              [](R& r, const char* v) { return keep_fd(r, v); }),
    {"rlimit", '\0', value, "NAME=SOFT[:HARD]", program,
     "A resource limit (getrlimit(2)): nofile=1024:4096, core=0, as=unlimited.", Completes::words,
     "as= core= cpu= data= fsize= locks= memlock= msgqueue= nice= nofile= nproc= rss= rtprio= "
     "rttime= sigpending= stack=",
     [](R& r, const char* v) { return add_rlimit(r, v); }},
    Row::with("uid", 'u', "UID", ids, "Be user UID inside; by default the caller's number.",
              [](R& r, const char* v) { return set_id(r.spec.uid, v); }),
    Row::with("gid", 'g', "GID", ids, "Be group GID inside; by default the caller's number.",
              [](R& r, const char* v) { return set_id(r.spec.gid, v); }),
    Row::with("groups", '\0', "GID,…", ids, "The supplementary groups inside.", set_groups),
    {"id-map", '\0', value, "single|subids|IN:OUT:N,…", ids,
     "Which ids exist inside: single is the caller's alone (default); subids is the caller as 0 "
     "and the ranges of /etc/subuid and /etc/subgid from 1 on; or ranges of one's own, for users "
     "and groups alike, u: or g: in front for one of them.",
     Completes::words, "single subids", [](R& r, const char* v) { return set_id_map(r, v); }},
    Row::with("cap-add", '\0', "CAP,…", ids, "Leave capabilities to the command; it has none else.",
              [](R& r, const char* v) { return add_capabilities(r.add, v); }),
    {"mode", '\0', value, "MODE", isolation,
     "namespaces (default); chroot, for root only, shows the host's processes; none changes no "
     "root, and goes without --dir.",
     Completes::words, "namespaces chroot none", set_mode},
    {"private", '\0', value, "LIST", isolation,
     "Namespaces of its own beside mounts, processes and ipc: net (then it can only use sockets "
     "that it is given), uts, cgroup, time, or all.",
     Completes::words, "all net uts cgroup time",
     [](R& r, const char* v) { return set_private(r, v); }},
    {"seccomp", '\0', value, "MODE", isolation,
     "none (default), or what comes of a system call that servers of files do not make: kill, log, "
     "trap.",
     Completes::words, "none kill log trap", set_seccomp},
    Row::flag("explain", '\0', control, "Print the plan and start nothing.",
              [](R& r, const char*) { return set(r.explain, true); }),
    Row::flag("help", 'h', control, "Print this.",
              [](R& r, const char*) { return set(r.help, true); }),
};

}  // namespace

std::span<const Option<EnterRequest>> enter_options() {
    return rows;
}

}  // namespace caisson::cli
