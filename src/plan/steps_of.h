// SPDX-License-Identifier: Apache-2.0
//
// From wishes to steps, one function for each phase. The order they come in is compile.cc's.
#pragma once

#include <vector>

#include "caisson/plan.h"

namespace caisson::plan {

using Steps = std::vector<Step>;

// What the functions look at. The mount steps are worked out together, since a mount point that is
// missing in a read-only image decides what the root is made of.
struct Wish {
    const Spec& spec;
    const Host& host;
    const KernelInterfaces& kernel;
    Steps root;
    Steps mounts;
};

// mount_steps.cc: fills wish.root and wish.mounts.
Result<void> plan_mounts(Wish& wish);
// scaffold.cc: a root without an overlay: a tmpfs whose directories, along the way to each point,
// are made anew, and whose other entries are the image's own, bound read-only.
void append_scaffold(Wish& wish, const std::string& image, const std::vector<MountPoint>& points);
// minimal_dev.cc
void append_minimal_dev(Steps& steps, const std::string& to, bool make_point);

// hook_steps.cc
Steps host_hooks(Wish& wish);
Steps guest_hooks(Wish& wish);
Steps peer_hooks(Wish& wish);
bool has_hooks(const Spec& spec);

// process_steps.cc
Steps guard(Wish& wish);
Steps own_id_maps(Wish& wish);
Steps range_id_maps(Wish& wish);
Steps session(Wish& wish);
Steps stdio(Wish& wish);
Steps pivot(Wish& wish);
Steps working_directory(Wish& wish);
Steps loopback(Wish& wish);
Steps hostname(Wish& wish);
Steps executable(Wish& wish);
Steps lock_mounts(Wish& wish);
Steps join(Wish& wish);
Steps offer(Wish& wish);
Steps init(Wish& wish);
Steps limits(Wish& wish);
Steps descriptors(Wish& wish);
Steps identity_before_lock(Wish& wish);
Steps identity(Wish& wish);
Steps die_with_parent(Wish& wish);
Steps init_dies_with_parent(Wish& wish);
Steps entered_init_dies_with_parent(Wish& wish);
Steps entered_init(Wish& wish);
Steps proc_self(Wish& wish);
Steps mountinfo(Wish& wish);
Steps capabilities(Wish& wish);
Steps privileges(Wish& wish);
Steps seccomp(Wish& wish);

// CLONE_NEW* of those that are private.
uint64_t namespace_flags(const Namespaces& wanted);
// Whether a process of ours is process 1.
inline bool has_init(const Spec& spec) {
    return spec.namespaces.pid && spec.init == Init::small;
}
// The program's user and group, by their numbers inside the sandbox.
uint32_t uid_inside(const Wish& wish);
uint32_t gid_inside(const Wish& wish);

}  // namespace caisson::plan
