// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "caisson/child.h"
#include "caisson/fd.h"
#include "launch/shared_record.h"

namespace caisson {

struct Child::State {
    explicit State(SharedRecord shared) : record(std::move(shared)) {}

    SharedRecord record;
    pid_t pid = -1;
    Fd pidfd;
    std::optional<Ending> ending;
};

}  // namespace caisson
