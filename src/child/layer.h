// SPDX-License-Identifier: Apache-2.0
//
// The writable layer of a root that is an overlay, for both ways of mounting. Runs in the child.
#pragma once

#include "child/outcome.h"
#include "child/start.h"

namespace caisson::child {

// Makes the overlay's directories, and in its upper one the step's points and links. `layer` is
// where they go; the descriptor stays the caller's.
Outcome prepare_layer(const step::RootFromOverlay& step, int layer, Progress& progress);

}  // namespace caisson::child
