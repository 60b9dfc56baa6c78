// SPDX-License-Identifier: Apache-2.0
#include "sys/clone.h"

namespace caisson::sys {

long clone3(const CloneRequest& request) {
    clone_args args{};
    args.flags = request.flags;
    args.pidfd = reinterpret_cast<uint64_t>(request.pidfd);
    args.child_tid = reinterpret_cast<uint64_t>(request.child_tid);
    args.exit_signal = SIGCHLD;
    args.stack = reinterpret_cast<uint64_t>(request.stack);
    args.stack_size = request.stack_size;
    return raw_clone(SYS_clone3, arg(&args), sizeof args, 0, 0, 0, request.entry, request.argument);
}

long clone(const CloneRequest& request) {
    const uint64_t flags = (request.flags & ~CLONE_CLEAR_SIGHAND) | SIGCHLD;
    // The stack grows down; clone(2) takes its top, and the pidfd where it used to put the tid.
    const char* top =
        request.stack ? static_cast<char*>(request.stack) + request.stack_size : nullptr;
    return raw_clone(SYS_clone, static_cast<long>(flags), arg(top), arg(request.pidfd),
                     arg(request.child_tid), 0, request.entry, request.argument);
}

}  // namespace caisson::sys
