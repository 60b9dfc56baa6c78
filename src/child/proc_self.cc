// SPDX-License-Identifier: Apache-2.0
//
// What a process needs of its own /proc after the pivot, where it may see none. Runs in the child,
// in the very process that is to use it: /proc/self is whoever looks it up.
#include "child/steps.h"

namespace caisson::child {

Outcome run(const step::HoldProcSelf&, Progress& progress) {
    if (progress.proc_self >= 0) return done();
    const int held = sys::openat(AT_FDCWD, "/proc/self", O_PATH | O_DIRECTORY);
    if (held < 0) return outcome_of(held, "open", "/proc/self");
    progress.proc_self = held;
    if (held >= progress.start.first_own_descriptor) return done();
    progress.opened.keep_for_now(held);
    progress.proc_self = sys::fcntl(held, F_DUPFD_CLOEXEC, progress.start.first_own_descriptor);
    return outcome_of(progress.proc_self, "fcntl", "/proc/self");
}

Outcome run(const step::OpenProcSelfFd& step, Progress& progress) {
    constexpr const char* path = "/proc/self/fd";
    // A clone of the mount has the directory as its root and is attached nowhere: above it there
    // is nothing. It is an O_PATH descriptor by itself.
    progress.proc_self_fd = step.cut_off ? sys::open_tree(AT_FDCWD, path, OPEN_TREE_CLONE)
                                         : sys::openat(AT_FDCWD, path, O_PATH | O_DIRECTORY);
    return outcome_of(progress.proc_self_fd, step.cut_off ? "open_tree" : "open", path);
}

Outcome run(const step::OpenMountinfo&, Progress& progress) {
    progress.mountinfo = sys::openat(progress.proc_self, "mountinfo", O_RDONLY);
    return outcome_of(progress.mountinfo, "open", "/proc/self/mountinfo");
}

}  // namespace caisson::child
