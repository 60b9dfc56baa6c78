// SPDX-License-Identifier: Apache-2.0
//
// What --id-map with ranges needs.
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/doctor.h"
#include "cli/doctor_trial.h"

namespace caisson::cli {
namespace {

uint64_t count_of(const std::vector<IdRange>& ranges) {
    uint64_t count = 0;
    for (const IdRange& range : ranges)
        count += range.count;
    return count;
}

Finding look_at_ranges(const Situation& situation) {
    const uint64_t uids = count_of(situation.host.subordinate_uids());
    const uint64_t gids = count_of(situation.host.subordinate_gids());
    if (uids != 0 && gids != 0) {
        return {Verdict::ok,
                "/etc/subuid gives " + std::to_string(uids) + " ids, /etc/subgid " +
                    std::to_string(gids) + ".",
                {}};
    }
    const std::string file = uids == 0 && gids == 0 ? "/etc/subuid and /etc/subgid have"
                             : uids == 0            ? "/etc/subuid has"
                                                    : "/etc/subgid has";
    const std::optional<Account> account = situation.host.user(situation.uid);
    const std::string name = account ? account->name : std::to_string(situation.uid);
    return {Verdict::note, file + " no range for this user, so --id-map subids does not work.",
            "As root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 " + name +
                " (ids that nobody else's range has)."};
}

std::optional<std::string> find_in_path(const char* name) {
    const char* path = getenv("PATH");
    for (const std::string& directory : text::split(path ? path : "/usr/bin:/bin", ':')) {
        std::string candidate = directory + "/" + name;
        if (access(candidate.c_str(), X_OK) == 0) return candidate;
    }
    return {};
}

// It writes the map of somebody else's process: by way of set-user-ID, or of file capabilities.
bool is_privileged(const std::string& path) {
    struct stat found {};
    if (stat(path.c_str(), &found) < 0) return false;
    if ((found.st_mode & S_ISUID) != 0 && found.st_uid == 0) return true;
    return getxattr(path.c_str(), "security.capability", nullptr, 0) > 0;
}

Finding look_at_helpers(const Situation& situation) {
    if (situation.uid == 0) return {Verdict::ok, "Root writes id maps without helpers.", {}};
    for (const char* name : {"newuidmap", "newgidmap"}) {
        const std::optional<std::string> path = find_in_path(name);
        if (!path) {
            return {Verdict::note, std::string(name) + " is not installed.",
                    "Install uidmap (Debian, Ubuntu) or shadow-utils (Fedora, RHEL)."};
        }
        if (!is_privileged(*path)) {
            return {Verdict::note, *path + " is neither set-user-ID root nor has capabilities.",
                    "As root: chmod u+s " + *path + ", or install its package again."};
        }
    }
    if (process_status("NoNewPrivs") == "1") {
        return {Verdict::note,
                "newuidmap and newgidmap are there, but this process has no_new_privs set, which "
                "takes their privilege away.",
                "Start caisson from outside the sandbox or service that set it."};
    }
    return {Verdict::ok, "newuidmap and newgidmap are there, with the privilege they need.", {}};
}

Finding look_at_maps(const Situation& situation) {
    RunRequest request;
    request.ids_from_subids = true;
    const std::optional<Error> error =
        try_request(situation.host, std::move(request), Way::as_child);
    if (!error) return {Verdict::ok, "--id-map subids works.", {}};
    if (situation.default_run && error->phase == "namespaces") {
        return {Verdict::note, "--id-map subids does not work, for the reason further up.", {}};
    }
    return {Verdict::note, "--id-map subids does not work: " + words_of(*error) + ".",
            "The two lines above say what is missing."};
}

constexpr Check checks[] = {
    {"id ranges", look_at_ranges},
    {"id map helpers", look_at_helpers},
    {"id maps", look_at_maps},
};

}  // namespace

std::span<const Check> id_checks() {
    return checks;
}

}  // namespace caisson::cli
