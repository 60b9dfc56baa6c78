// SPDX-License-Identifier: Apache-2.0
//
// What the options of `caisson run` ask for beyond the default, each tried.
#include <errno.h>

#include "base/text.h"
#include "cli/doctor.h"
#include "cli/doctor_trial.h"
#include "cli/run_values.h"
#include "sys/call.h"

namespace caisson::cli {
namespace {

// Where not even the default works, the reason stands further up already.
bool is_known(const Situation& situation, const Error& error) {
    return situation.default_run && (error.phase == "namespaces" || error.phase == "id-maps");
}

Finding failed(const Situation& situation, const std::string& what, const Error& error,
               const std::string& remedy) {
    if (is_known(situation, error)) return {Verdict::note, what + ", for the reason above.", {}};
    return {Verdict::note, what + ": " + words_of(error) + ".", remedy};
}

Finding look_at_pid(const Situation& situation) {
    RunRequest request;
    request.spec.namespaces.pid = true;
    const std::optional<Error> error =
        try_request(situation.host, std::move(request), Way::as_child);
    if (!error) return {Verdict::ok, "--private pid works, with a /proc of its own.", {}};
    const std::string what = "--private pid does not work";
    const std::vector<std::string> over = situation.host.mounts_below("/proc");
    if (over.empty() || (error->operation != "fsmount" && error->operation != "mount")) {
        return failed(situation, what, *error, hint_of(*error));
    }
    // mount_too_revealing() in the kernel: a new /proc may not show what the present one hides.
    return {Verdict::note,
            what + ", because parts of the present /proc are mounted over: " +
                text::join(over, ", ") + ".",
            "In a container, start that with --security-opt unmask=ALL (podman) or "
            "--security-opt systempaths=unconfined (docker)."};
}

Finding look_at_namespaces(const Situation& situation) {
    const struct {
        const char* name;
        bool Namespaces::*wanted;
    } known[] = {{"net", &Namespaces::net},
                 {"ipc", &Namespaces::ipc},
                 {"uts", &Namespaces::uts},
                 {"cgroup", &Namespaces::cgroup},
                 {"time", &Namespaces::time}};
    std::vector<std::string> works;
    std::vector<std::string> fails;
    for (const auto& one : known) {
        Spec spec;
        spec.namespaces.user = situation.uid != 0;
        spec.namespaces.*one.wanted = true;
        const std::optional<Error> error = try_spec(situation.host, spec, Way::as_child);
        if (!error)
            works.emplace_back(one.name);
        else if (is_known(situation, *error))
            fails.emplace_back(one.name);
        else
            fails.push_back(std::string(one.name) + " (" + words_of(*error) + ")");
    }
    if (fails.empty()) return {Verdict::ok, "--private " + text::join(works, ",") + " works.", {}};
    return {Verdict::note, "--private fails for " + text::join(fails, ", ") + ".",
            "The limits in /proc/sys/user, the kernel's CONFIG_*_NS and a container's seccomp "
            "filter decide on these."};
}

// Takes a directory of the image away and makes it anew. The overlay then has to mark the new one
// as opaque, in an extended attribute of the tmpfs.
int make_directory_anew(void*) {
    const int removed =
        static_cast<int>(sys::raw(SYS_unlinkat, AT_FDCWD, sys::arg("/probe"), AT_REMOVEDIR));
    if (removed == -ENOENT) return -ECANCELED;  // the image is not one of ours
    if (removed < 0) return removed;
    const int made = sys::mkdirat(AT_FDCWD, "/probe", 0755);
    return made < 0 ? made : -ECANCELED;
}

Finding look_at_overlay(const Situation& situation) {
    RunRequest request;
    (void)set_writes(request, RootWrites::discarded, nullptr);
    const std::optional<Error> error =
        try_request(situation.host, std::move(request), Way::as_child, make_directory_anew);
    if (!error) return {Verdict::ok, "--write-fake works: an overlay with a tmpfs for writes.", {}};
    if (error->operation == "call-off") {
        return {Verdict::note,
                "--write-fake works, but a directory of the image that was removed can't be made "
                "anew.",
                "Linux 6.6 has the extended attributes on tmpfs that this takes. (Root of a user "
                "namespace does not get them.)"};
    }
    return failed(situation, "--write-fake and mount points that the image lacks do not work",
                  *error,
                  "Overlays in user namespaces need Linux 5.11 and the overlay module (as root: "
                  "modprobe overlay); until then use --write on a copy of the image.");
}

Finding look_at_minimal_dev(const Situation& situation) {
    RunRequest request;
    request.guest.dev = DevKind::minimal;
    const std::optional<Error> error =
        try_request(situation.host, std::move(request), Way::as_child);
    if (!error) return {Verdict::ok, "--dev=minimal works.", {}};
    return failed(situation, "--dev=minimal does not work", *error, hint_of(*error));
}

Finding look_at_locked_mounts(const Situation& situation) {
    RunRequest request;
    request.spec.lock_mounts = true;
    const std::optional<Error> error =
        try_request(situation.host, std::move(request), Way::as_child);
    if (!error) return {Verdict::ok, "--lock-mounts works: namespaces can be nested.", {}};
    return failed(situation, "--lock-mounts does not work", *error, hint_of(*error));
}

constexpr Check checks[] = {
    {"pid and /proc", look_at_pid},     {"other namespaces", look_at_namespaces},
    {"overlay", look_at_overlay},       {"minimal /dev", look_at_minimal_dev},
    {"nesting", look_at_locked_mounts},
};

}  // namespace

std::span<const Check> isolation_checks() {
    return checks;
}

}  // namespace caisson::cli
