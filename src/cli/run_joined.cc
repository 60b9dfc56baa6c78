// SPDX-License-Identifier: Apache-2.0
#include "cli/run_joined.h"

#include <unistd.h>

#include "base/try.h"
#include "caisson/launch.h"

namespace caisson::cli {
namespace {

uint32_t uid_inside(const Spec& spec, const Host& host) {
    return spec.uid.value_or(spec.id_maps.uids.empty() ? host.uid() : 0);
}

// What the sandbox has already is not this peer's to choose: the image, mounts, names and ids go
// unused. What holds for its own program stays.
Spec spec_within(Spec spec, ExistingSandbox sandbox) {
    spec.namespaces = {};
    spec.root.reset();
    spec.mounts.clear();
    spec.lock_mounts = false;
    spec.hostname.clear();
    spec.domainname.clear();
    spec.uid.reset();
    spec.gid.reset();
    spec.groups.reset();
    spec.id_maps = {};
    spec.join = std::move(sandbox);
    return spec;
}

}  // namespace

Result<Peers> peers_of(const JoinRequest& request) {
    return peers_from({request.count, request.tag}, environ);
}

Result<Joined> join(const JoinRequest& request, const Peers& peers,
                    std::function<void(const Error&)> missing) {
    Joined joined;
    if (request.pid) {
        joined.process = TRY(ProcessSandbox::of(*request.pid));
        return joined;
    }
    MeetingOptions options;
    if (request.timeout) options.timeout = *request.timeout;
    options.missing = std::move(missing);
    joined.meeting = TRY(Meeting::come(peers, options));
    return joined;
}

void fit_in(Wanted& wanted, const Joined& joined, const JoinRequest& request) {
    if (joined.is_first()) {
        wanted.spec.offer_namespaces = joined.meeting->offer();
    } else if (joined.process) {
        wanted.spec = spec_within(std::move(wanted.spec), joined.process->sandbox());
    } else {
        wanted.spec = spec_within(std::move(wanted.spec), joined.meeting->sandbox());
        std::vector<std::string>& environment = wanted.program.environment;
        if (!request.environment) return;
        environment = changed_environment(std::move(environment), joined.meeting->environment());
    }
}

Result<void> let_in(Joined& joined, const Wanted& wanted, const Host& host) {
    if (!joined.is_first()) return {};
    SandboxState state;
    state.sandbox = restrictions_of(wanted.spec, uid_inside(wanted.spec, host));
    state.environment = environment_changes(environ, wanted.program.environment);
    return joined.meeting->attend(state);
}

// The descriptors have no numbers yet; no step prints them.
Result<std::string> joined_plans(Wanted wanted, const JoinRequest& request, const Host& host) {
    if (request.pid) {
        const Joined joined = TRY(join(request, {}, {}));
        fit_in(wanted, joined, request);
        return TRY(compile(wanted.spec, host)).text(&wanted.program);
    }
    constexpr int any = 0;
    (void)TRY(peers_of(request));
    ExistingSandbox sandbox = restrictions_of(wanted.spec, uid_inside(wanted.spec, host));
    Spec first = wanted.spec;
    first.offer_namespaces = any;
    const Plan made = TRY(compile(first, host));
    for (const Phase& phase : made.phases()) {
        for (const Step& step : phase.steps) {
            const auto* offer = std::get_if<step::OfferNamespaces>(&step.action);
            if (offer) sandbox.namespaces.push_back({offer->kinds, any});
        }
    }
    const Plan entered = TRY(compile(spec_within(wanted.spec, std::move(sandbox)), host));
    return "the first peer:\n" + made.text(&wanted.program) + "\nthe other peers:\n" +
           entered.text(&wanted.program);
}

}  // namespace caisson::cli
