// SPDX-License-Identifier: Apache-2.0
#include "caisson/enter.h"

namespace caisson {

Spec spec_for_entering(const std::string& directory, EnterMode mode, const Host& host) {
    Spec spec;
    spec.subject = Subject::caller;
    spec.capabilities = CapabilitySet::file_server();
    spec.die_with_parent = true;
    if (mode == EnterMode::none) return spec;
    spec.root = Root{directory, RootWrites::kept, {}, {}, RootChange::pivot};
    if (mode == EnterMode::chroot) {
        spec.root->change = RootChange::chroot;
        return spec;
    }
    spec.root->attributes = {.nosuid = true, .nodev = true};
    spec.namespaces.user = !host.is_privileged();
    spec.namespaces.mount = true;
    spec.namespaces.pid = true;
    spec.namespaces.net = true;
    spec.namespaces.ipc = true;
    return spec;
}

}  // namespace caisson
