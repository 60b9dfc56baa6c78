// SPDX-License-Identifier: Apache-2.0
//
// The new root and the host's paths must not meet while the sandbox is put together. From
// Linux 6.15 on they can't: the root is assembled where nobody can reach it. Before that it has to
// be attached, on the old root's `/`: a look-up from `/` begins below it, and a clone of `/` leaves
// it out once it is unbindable; only `..` steps up to it. Runs in the child.
#pragma once

#include "child/outcome.h"
#include "child/start.h"

namespace caisson::child {

// Whether the new root is attached by the pivot only.
bool is_root_detached(const Progress& progress);

// Keeps what is attached topmost on `/` out of clones of the old root; show_root() ends that for
// the new root once it is `/`, because programs inside may want to bind it.
Outcome hide_root();
Outcome show_root();

// A bind's source as open_tree(2) takes it.
struct Source {
    int dir = AT_FDCWD;
    const char* path = nullptr;
    unsigned flags = 0;
    int error = 0;  // negative: -errno, and the rest means nothing
};

// A path with `..` is looked up by a walk of ours that stays below what is attached.
Source find_source(Progress& progress, const char* path);

}  // namespace caisson::child
