// SPDX-License-Identifier: Apache-2.0
//
// Binds that share a mount of their directory and are shown by links (BindMount::merged).
#pragma once

#include <map>

#include "plan/root_steps.h"

namespace caisson::plan {

class Merges {
  public:
    Merges(Wish& wish, RootSteps& root) : wish_(wish), root_(root) {}

    // False: the bind needs a mount of its own.
    bool add(const Bind& bind, const std::string& to);

  private:
    // Where a directory of the host is mounted, once for each way of restricting it.
    const std::string& place_of(const std::string& directory, const Bind& bind);
    const std::string& link_directory(const std::string& to);

    Wish& wish_;
    RootSteps& root_;
    std::map<std::string, std::string> places_[16];  // by restrictions
    std::map<std::string, std::string> link_directories_;
    size_t places_made_ = 0;
};

}  // namespace caisson::plan
