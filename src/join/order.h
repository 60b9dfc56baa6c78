// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "caisson/fd.h"
#include "caisson/spec.h"

namespace caisson::join {

// The namespaces of a process outside as they can be entered one after the other: each after the
// user namespace that owns it, which gives the privilege to, and before the one nested in that,
// which takes it away. User namespaces on the way to a nested one (`lock-mounts`) are added, and
// owned by `held`. The mount namespace is the last of its owner's, since it changes what paths
// mean.
std::vector<NamespaceHandle> in_order(const std::vector<NamespaceHandle>& namespaces,
                                      std::vector<Fd>& held);

}  // namespace caisson::join
