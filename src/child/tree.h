// SPDX-License-Identifier: Apache-2.0
//
// The three verbs of a mount that nobody can reach yet (make, restrict, attach) on kernels with
// open_tree(2) and its kin. Restrict always comes before attach. Runs in the child.
#pragma once

#include "child/outcome.h"
#include "child/start.h"

namespace caisson::child::tree {

uint64_t attribute_bits(const MountAttributes& attributes);
mount_attr restriction(const MountAttributes& attributes);

// A detached clone of what is mounted at `path`, restricted; `flags` are AT_RECURSIVE and
// AT_EMPTY_PATH.
// -errno and `failed` otherwise.
int clone_restricted(const Progress& progress, int dir, const char* path,
                     const MountAttributes& attributes, unsigned flags, Outcome& failed);

// Attaches at the place that `to` names.
Outcome attach(Progress& progress, int mount, const char* to, MakePoint make);

// On top of whatever is at `/` of the old root, where only `..` leads to it (child/source.h).
Outcome attach_over_root(int mount);
// Takes off again what attach_over_root() put there. Leaves the working directory on it.
Outcome take_off_root(int mount);

Outcome root_from_directory(const step::RootFromDirectory&, Progress&);
Outcome root_from_overlay(const step::RootFromOverlay&, Progress&);
Outcome root_from_tmpfs(Progress&);
Outcome restrict_root(const step::RestrictRoot&, Progress&);
Outcome attach_bind(const step::AttachBind&, Progress&);
Outcome attach_new(const step::AttachNew&, Progress&);
Outcome attach_files(const step::AttachFiles&, Progress&);

}  // namespace caisson::child::tree
