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

// With the memory copied, and coming back twice, as fork(2) does: 0 in the child. `pidfd` is set in
// the parent. What libc keeps of the thread is the parent's in the child.
inline long clone3_copy(uint64_t flags, int* pidfd) {
    clone_args args{};
    args.flags = flags | CLONE_PIDFD;
    args.pidfd = reinterpret_cast<uint64_t>(pidfd);
    args.exit_signal = SIGCHLD;
    return raw(SYS_clone3, arg(&args), sizeof args);
}
inline long clone_copy(uint64_t flags, int* pidfd) {
    return raw(SYS_clone, static_cast<long>(flags | CLONE_PIDFD | SIGCHLD), 0, arg(pidfd));
}

}  // namespace caisson::sys
