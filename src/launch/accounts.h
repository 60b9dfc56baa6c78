// SPDX-License-Identifier: Apache-2.0
//
// Names for ids. /etc/passwd and /etc/group answer first, without a process; what they do not know
// is asked of getent(1), because a static program cannot load NSS modules (LDAP, SSSD, systemd).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "caisson/host.h"

namespace caisson {

std::optional<Account> find_user(uint32_t uid);
std::optional<Account> find_group(uint32_t gid);

// The ranges that a file of subuid(5)'s form gives to a user, by number or by name.
std::vector<IdRange> find_subordinate_ids(const std::string& path, uint32_t uid);

}  // namespace caisson
