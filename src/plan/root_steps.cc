// SPDX-License-Identifier: Apache-2.0
#include "plan/root_steps.h"

#include <errno.h>

#include "base/path.h"
#include "base/try.h"
#include "plan/hints.h"

namespace caisson::plan {

bool has_trusted_attributes(const Wish& wish) {
    return !wish.spec.namespaces.user && wish.host.is_initial_user_namespace();
}

const std::vector<std::string>& RootSteps::mounts_below() {
    if (!mounts_below_) mounts_below_ = wish_.host.mounts_below(wish_.spec.root->directory);
    return *mounts_below_;
}

// What a user namespace inherits is locked together, and the kernel makes no overlay that would
// show what a locked mount hides.
bool RootSteps::can_overlay() {
    return !wish_.spec.namespaces.user || mounts_below().empty();
}

bool RootSteps::can_link() {
    const RootWrites writes = wish_.spec.root->writes;
    return (writes == RootWrites::refused || writes == RootWrites::discarded) && can_overlay();
}

void RootSteps::need_point(MountPoint point) {
    const Reach reach = wish_.host.reach(wish_.spec.root->directory, point.path);
    if (reach.at_broken_link) {
        error_ = Error{"mounts", "mkdir", point.path,
                       ENOENT,   {},      std::string(hint_for("mounts", "mkdir", ENOENT))};
        return;
    }
    // Where the mount's own step can make it in the overlay, it does. The overlay's root is the
    // caller's in any case.
    const bool may_make = !wish_.spec.namespaces.user || reach.is_own || reach.directory == "/";
    if (wish_.spec.root->writes != RootWrites::refused && may_make) return;
    points_.push_back({reach.path(), point.make});
}

Result<void> RootSteps::check_layer(const std::string& layer) const {
    if (wish_.host.look("/", layer) != Node::directory) {
        return Error{"root", "overlay", layer, 0, "is not a directory", "it has to exist"};
    }
    const std::string unfit = wish_.host.unfit_for_layer(layer);
    if (unfit.empty()) return {};
    return Error{"root",
                 "overlay",
                 layer,
                 0,
                 "is on " + unfit + ", which the kernel takes no overlay's changes on",
                 "a local file system takes them: ext4, XFS, btrfs, or tmpfs since Linux 6.6"};
}

Result<void> RootSteps::append_steps() {
    if (!wish_.spec.root) return {};
    if (error_) return *error_;
    const Root& root = *wish_.spec.root;
    if (root.change == RootChange::chroot) {
        wish_.root.push_back({step::Chroot{root.directory}});
        return {};
    }
    if (!wish_.spec.namespaces.user) wish_.root.push_back({step::StopPropagation{}});
    const bool read_only = root.writes == RootWrites::refused;
    const bool needs_points = !points_.empty() || !links_.empty();
    if (root.writes == RootWrites::kept || (read_only && !needs_points)) {
        MountAttributes attributes = root.attributes;
        attributes.read_only = read_only;
        wish_.root.push_back({step::RootFromDirectory{root.directory, attributes}});
        return {};
    }
    if (root.attributes.any()) {
        return Error{"spec",
                     "root.attributes",
                     root.directory,
                     0,
                     "need a root that is the directory alone",
                     "make the mount points that it lacks"};
    }
    if (root.writes == RootWrites::layered) TRY(check_layer(root.layer));
    if (can_overlay()) {
        append_overlay(root);
        return {};
    }
    if (!read_only) {
        return Error{"spec",
                     "write-fake",
                     root.directory,
                     0,
                     "other file systems are mounted below the image, and in a user namespace no "
                     "overlay covers those",
                     "an image without mounts below it, or root, can have one"};
    }
    append_scaffold(wish_, root.directory, points_);
    return {};
}

// An overlay shows one file system. What the host has mounted below the image's directory is
// put back on top, read-only.
void RootSteps::append_overlay(const Root& root) {
    const bool read_only = root.writes == RootWrites::refused;
    wish_.root.push_back({step::RootFromOverlay{root.directory,
                                                root.discard_size,
                                                {.read_only = read_only},
                                                std::move(points_),
                                                !has_trusted_attributes(wish_),
                                                root.layer,
                                                std::move(links_)}});
    if (wish_.spec.namespaces.user) return;
    std::string above;
    for (const std::string& below : mounts_below()) {
        if (!above.empty() && path::is_within(below, above)) continue;
        above = below;
        Bind bind{path::tidy(root.directory + "/" + below), "/" + below, {.read_only = true}};
        // Mounted meanwhile, or hidden by another mount: there is no such place to show.
        wish_.root.push_back(
            {step::AttachBind{std::move(bind), MakePoint::never}, Tolerate::absence});
    }
}

}  // namespace caisson::plan
