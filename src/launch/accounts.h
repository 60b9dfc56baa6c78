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

// Who is asked for a name that is in no file.
class NameServices {
  public:
    // The id's line in "passwd" or "group", of passwd(5)'s or group(5)'s form; or nothing.
    virtual std::string line_of(const char* database, uint32_t id) const = 0;

  protected:
    ~NameServices() = default;
};

// Those of nsswitch.conf(5).
const NameServices& getent();

std::optional<Account> find_user(uint32_t uid, const NameServices& services);
std::optional<Account> find_group(uint32_t gid, const NameServices& services);

// The ranges that a file of subuid(5)'s form gives to a user, by number or by name.
std::vector<IdRange> find_subordinate_ids(const std::string& path, uint32_t uid,
                                          const NameServices& services);

}  // namespace caisson
