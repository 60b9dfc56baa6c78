// SPDX-License-Identifier: Apache-2.0
#include "plan/steps_of.h"

namespace caisson::plan {
namespace {

Steps steps_for(const std::vector<Hook>& hooks) {
    Steps steps;
    for (const Hook& hook : hooks)
        steps.push_back({step::RunHook{hook}});
    return steps;
}

}  // namespace

bool has_hooks(const Spec& spec) {
    const Hooks& hooks = spec.hooks;
    return !hooks.host.empty() || !hooks.guest.empty() || !hooks.peer.empty();
}

// Who joins a sandbox finds it put together.
Steps host_hooks(Wish& wish) {
    if (wish.spec.join) return {};
    return steps_for(wish.spec.hooks.host);
}
Steps guest_hooks(Wish& wish) {
    if (wish.spec.join) return {};
    return steps_for(wish.spec.hooks.guest);
}
Steps peer_hooks(Wish& wish) {
    return steps_for(wish.spec.hooks.peer);
}

}  // namespace caisson::plan
