// SPDX-License-Identifier: Apache-2.0
//
// What the root is made of: the image's own mounts, an overlay, or a scaffold.
#pragma once

#include <optional>

#include "plan/steps_of.h"

namespace caisson::plan {

// Only root of the machine can use trusted.*; user.* has the same marks since 5.11.
bool has_trusted_attributes(const Wish& wish);

// Gathers what the root has to have, and then makes its steps.
class RootSteps {
  public:
    explicit RootSteps(Wish& wish) : wish_(wish) {}

    // How the point for a mount directly on the root is made, `kind` saying as what, where it has
    // to be made by the mount's own step.
    template <typename Kind>
    MakePoint point_for(const std::string& to, Kind kind) {
        const RootWrites writes = wish_.spec.root->writes;
        if (writes == RootWrites::kept) return kind();
        // Worth a look: in a read-only image a missing point costs an overlay, and in a writable
        // one it may lie where only the layer can have it.
        if (!wish_.host.exists(wish_.spec.root->directory, to)) need_point({to, kind()});
        return writes == RootWrites::refused ? MakePoint::never : kind();
    }

    // Whether links can be made that end with the sandbox; and making one, by a path without links.
    bool can_link();
    void need_link(step::MakeSymlink link) { links_.push_back(std::move(link)); }
    void need_in_layer(MountPoint point) { points_.push_back(std::move(point)); }

    // What was asked for can't be had.
    void refuse(Error error) { error_ = std::move(error); }

    Result<void> append_steps();

  private:
    const std::vector<std::string>& mounts_below();
    bool can_overlay();
    void need_point(MountPoint point);
    Result<void> check_layer(const std::string& layer) const;
    void append_overlay(const Root& root);

    Wish& wish_;
    std::optional<std::vector<std::string>> mounts_below_;
    std::vector<MountPoint> points_;  // by paths without links
    std::vector<step::MakeSymlink> links_;
    std::optional<Error> error_;
};

}  // namespace caisson::plan
