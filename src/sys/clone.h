// SPDX-License-Identifier: Apache-2.0
//
// Starting a process, with the two calls that kernels have for it. Runs in the parent.
#pragma once

#include <cstdint>

#include "sys/call.h"

namespace caisson::sys {

struct CloneRequest {
    uint64_t flags = 0;             // CLONE_*; the exit signal is always SIGCHLD
    int* pidfd = nullptr;           // filled in with CLONE_PIDFD
    uint32_t* child_tid = nullptr;  // cleared and woken with CLONE_CHILD_CLEARTID
    void* stack = nullptr;          // lowest address; null with a copied address space
    size_t stack_size = 0;
    void (*entry)(void*) = nullptr;
    void* argument = nullptr;
};

// The child's process id, or -errno.
long clone3(const CloneRequest& request);
// clone(2): no CLONE_CLEAR_SIGHAND, and its flags end where the exit signal begins, which is why
// CLONE_NEWTIME is not to be had.
long clone(const CloneRequest& request);

}  // namespace caisson::sys
