// SPDX-License-Identifier: Apache-2.0
#include <errno.h>

#include "child/steps.h"

namespace caisson::child {
namespace {

// Steps that launch() refuses to find on the child's side, or that run_phases() itself carries out.
Outcome run(const step::WriteIdMaps&, Progress&) {
    return {EINVAL, "write_id_maps"};
}
Outcome run(const step::StartInit&, Progress&) {
    return {EINVAL, "start_init"};
}

}  // namespace

Outcome run_step(const step::Action& action, Progress& progress) {
    return std::visit([&](const auto& step) { return run(step, progress); }, action);
}

}  // namespace caisson::child
