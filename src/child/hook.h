// SPDX-License-Identifier: Apache-2.0
//
// Running somebody's program while the sandbox is put together. Runs in the child and, for hooks of
// the host's side, in the parent: the same calls, on a stack of the caller's.
#pragma once

#include "child/outcome.h"
#include "child/start.h"

namespace caisson::child {

struct HookSetting {
    pid_t sandbox = 0;                 // the sandbox's first process, as the hook sees it
    int root = -1;                     // that process's descriptor for the new root; -1: it is `/`
    const char* status = "creating";   // as the OCI runtime specification names states
    const Progress* inside = nullptr;  // whose plan's later restrictions hold for the hook as well
    bool close_range = true;           // else descriptors are closed one by one, to this one:
    int last_descriptor = 0;
    bool pidfd = true;
};

// How a hook that was started ended.
struct HookEnding {
    bool timed_out = false;
    bool sandbox_gone = false;
    int status = 0;  // as wait(2) has it

    bool is_success() const { return !timed_out && !sandbox_gone && status == 0; }
};

// Waits for the hook's end; an Outcome that failed says why it could not be started.
Outcome run_hook(const Hook& hook, const HookSetting& setting, HookEnding& ending);

}  // namespace caisson::child
