// SPDX-License-Identifier: Apache-2.0
//
// ch-run's --feature. Charliecloud answers what it was built with; here each is tried on the host
// that is to run the image, which on a cluster is rarely the one that built anything.
#include "cli/ch_run_feature.h"

#include <errno.h>
#include <fnmatch.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "cli/ch_run.h"
#include "cli/doctor_trial.h"
#include "cli/run_values.h"
#include "sys/call.h"

namespace caisson::cli {
namespace {

bool has_extglob(const Host&) {
    return fnmatch("@(a|b)", "b", FNM_EXTMATCH) == 0;
}

bool has_overlayfs(const Host& host) {
    RunRequest request;
    request.habits = Habits::charliecloud;
    (void)set_writes(request, RootWrites::discarded, nullptr);
    return !try_request(host, std::move(request), Way::as_child);
}

// Asks whether filters that return an errno can be had, and installs none (seccomp(2)).
bool has_seccomp(const Host&) {
    uint32_t action = SECCOMP_RET_ERRNO;
    return sys::raw(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, sys::arg(&action)) == 0;
}

bool has_squash(const Host&) {
    return false;
}

// Overlays keep their marks in such attributes (tmpfs has them since Linux 6.6).
int mark_tmpfs(void*) {
    constexpr char value = 'y';
    const long error = sys::raw(SYS_setxattr, sys::arg("/tmp"), sys::arg("user.caisson"),
                                sys::arg(&value), sizeof value, 0);
    return error < 0 ? static_cast<int>(error) : -ECANCELED;
}

bool has_tmpfs_xattrs(const Host& host) {
    RunRequest request;
    request.habits = Habits::charliecloud;
    request.guest.host_tmp = false;
    return !try_request(host, std::move(request), Way::as_child, mark_tmpfs);
}

struct Feature {
    const char* name;
    bool (*is_there)(const Host& host);
    int status_if_not;
};

constexpr Feature features[] = {
    {"extglob", has_extglob, 31},          {"overlayfs", has_overlayfs, 1},
    {"seccomp", has_seccomp, 31},          {"squash", has_squash, 31},
    {"tmpfs-xattrs", has_tmpfs_xattrs, 1},
};

}  // namespace

int ch_run_feature(ChRunRequest& request) {
    for (const Feature& feature : features) {
        if (request.feature != feature.name) continue;
        return feature.is_there(*this_host()) ? 0 : feature.status_if_not;
    }
    request.log.print(ChRunLog::Level::fatal, "unknown feature: " + request.feature);
    return ch_run_failed;
}

}  // namespace caisson::cli
