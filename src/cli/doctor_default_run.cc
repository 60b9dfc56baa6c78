// SPDX-License-Identifier: Apache-2.0
//
// The question that decides the exit status, and the one behind it.
#include "cli/doctor.h"
#include "cli/doctor_trial.h"

namespace caisson::cli {
namespace {

std::string user_words(const Situation& situation) {
    return situation.uid == 0 ? "root" : "user " + std::to_string(situation.uid);
}

Finding look_at_default_run(const Situation& situation) {
    const std::string who = user_words(situation);
    if (!situation.default_run)
        return {Verdict::ok, "`caisson run IMAGE` works for " + who + ".", {}};
    const Error& error = *situation.default_run;
    return {Verdict::bad, "`caisson run IMAGE` fails for " + who + ": " + words_of(error) + ".",
            hint_of(error)};
}

Finding look_at_user_namespace(const Situation& situation) {
    Spec spec;
    spec.namespaces.user = spec.namespaces.mount = true;
    const std::optional<Error> error = try_spec(situation.host, spec, Way::in_place);
    if (!error) {
        return {Verdict::ok,
                "User and mount namespaces can be made by " + user_words(situation) + ".",
                {}};
    }
    return {situation.of_restriction(),
            "User and mount namespaces can't be made: " + words_of(*error) + ".",
            "The lines on restrictions below name what stands in the way."};
}

constexpr Check checks[] = {
    {"default run", look_at_default_run},
    {"user namespace", look_at_user_namespace},
};

}  // namespace

std::optional<Error> try_default_run(const Host& host) {
    return try_request(host, {}, Way::in_place);
}

std::span<const Check> default_run_checks() {
    return checks;
}

}  // namespace caisson::cli
