// SPDX-License-Identifier: Apache-2.0
//
// What the parent hands to the child: plain data, made before the clone and not changed after it.
#pragma once

#include <signal.h>

#include "caisson/plan.h"
#include "child/descriptors.h"
#include "child/executable.h"
#include "child/record.h"

namespace caisson::child {

struct Start {
    const Plan* plan = nullptr;
    const Program* program = nullptr;
    const char* const* arguments = nullptr;    // null-terminated, as execve(2) wants them
    const char* const* environment = nullptr;  // likewise
    Record* record = nullptr;

    bool launched = false;         // born for this plan; false: become()
    bool copied_memory = false;    // else the parent's memory is shared until exec
    int parent_gone = -1;          // poll(2) finds something once the parent has ended
    int parents_end = -1;          // of a pipe, where there are no pidfds: the child closes it
    int last_descriptor = 0;       // none above it was open; only where close_range(2) is missing
    int first_own_descriptor = 0;  // those below may become the program's
    const Executable* executable = nullptr;  // for a plan that protects it
    sigset_t program_mask = {};
    pid_t (*fork)() = nullptr;     // libc's, where the program's process goes on as the caller
    void* second_stack = nullptr;  // for the process that an init starts
    size_t second_stack_size = 0;
};

// Where the child stands. One of these lives on its stack.
struct Progress {
    const Start& start;
    size_t phase = 0;           // of the plan, that is being carried out
    int root = -1;              // the new root; destinations are looked up beneath it
    int layers_below_root = 0;  // mounts of ours between the old root and the new one
    int proc_self = -1;         // kept open for steps after the pivot
    int store = -1;             // the private tmpfs that generated files were cloned out of
    int proc_self_fd = -1;      // for a caller that enters, and so is the next one
    int mountinfo = -1;
    bool descriptors_closed = false;
    Descriptors opened = {};
};

}  // namespace caisson::child
