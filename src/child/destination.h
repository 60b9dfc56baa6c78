// SPDX-License-Identifier: Apache-2.0
//
// Places beneath the new root, found and made. Runs in the child.
#pragma once

#include "child/outcome.h"
#include "child/start.h"
#include "sys/beneath.h"

namespace caisson::child {

sys::Lookup lookup_of(const Plan& plan);

// An O_PATH descriptor for the place, made first where it is missing and `make` says so; -errno
// otherwise.
int open_destination(Progress& progress, const char* path, MakePoint make);

// Why there is no such destination. Where one could have been made and is still missing, a link
// on the way leads to what is not there.
Outcome no_destination(int error, MakePoint make, const char* operation, const char* path);

// The directory of `path`, made where missing, and the last component's name.
struct Parent {
    int dir = -1;  // or -errno; the caller's to close
    const char* name = nullptr;
};
Parent open_parent(Progress& progress, const char* path);

}  // namespace caisson::child
