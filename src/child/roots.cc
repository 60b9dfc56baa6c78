// SPDX-License-Identifier: Apache-2.0
//
// Steps about the root directory as a whole. Runs in the child.
#include <limits.h>
#include <string.h>

#include "child/source.h"
#include "child/steps.h"
#include "child/tree.h"

namespace caisson::child {
namespace {

// "ID ID 1": the id keeps its number inside.
size_t map_of_one(uint32_t id, char* out) {
    char digits[10];
    size_t count = 0;
    do {
        digits[count++] = static_cast<char>('0' + id % 10);
    } while ((id /= 10) != 0);
    size_t size = 0;
    for (int times = 0; times < 2; times++) {
        for (size_t i = count; i > 0; i--)
            out[size++] = digits[i - 1];
        out[size++] = ' ';
    }
    out[size++] = '1';
    return size;
}

}  // namespace

Outcome run(const step::StopPropagation&, Progress&) {
    // Slave and not private: a file system that the host mounts later (an automounted home) shows
    // in a bind made from here, and nothing goes the other way.
    return outcome_of(sys::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr), "mount", "/");
}

// pivot_root(2), NOTES: with both arguments "." the old root ends up on top of the new one, from
// where one umount2(2) takes it, so no directory for it is needed anywhere.
Outcome run(const step::Pivot&, Progress& progress) {
    const bool detached = is_root_detached(progress);
    if (detached) {
        const Outcome attached = tree::attach_over_root(progress.root);
        if (attached.failed()) return attached;
    }
    int error = sys::fchdir(progress.root);
    if (error < 0) return outcome_of(error, "fchdir", "/");
    // Discarding a detached mount waits for an RCU grace period of its own when exec closes it. On
    // the old root it goes with that, in one. Nothing but time depends on it, so nothing is
    // checked. Not on `/`: the old root would then no longer be the topmost mount, which umount2
    // takes.
    if (progress.store >= 0) {
        sys::move_mount(progress.store, "", AT_FDCWD, "/proc", MOVE_MOUNT_F_EMPTY_PATH);
    }
    error = sys::pivot_root(".", ".");
    if (error < 0) return outcome_of(error, "pivot_root", "/");
    // Each call takes the topmost: first what stood on the old root's `/`, last the old root.
    for (int left = progress.layers_below_root; left >= 0; left--) {
        error = sys::umount2(".", MNT_DETACH);
        if (error < 0) return outcome_of(error, "umount2", "/");
    }
    return detached ? done() : show_root();
}

Outcome run(const step::Chroot& step, Progress& progress) {
    const char* directory = step.directory.c_str();
    progress.root = sys::openat(AT_FDCWD, directory, O_PATH | O_DIRECTORY);
    if (progress.root < 0) return outcome_of(progress.root, "open", directory);
    // The working directory first: left outside, it would be a way out by `..`.
    const int error = sys::fchdir(progress.root);
    if (error < 0) return outcome_of(error, "fchdir", directory);
    return outcome_of(sys::chroot("."), "chroot", directory);
}

Outcome run(const step::LockMounts& step, Progress& progress) {
    const int error = sys::unshare(CLONE_NEWUSER | CLONE_NEWNS);
    if (error < 0) return outcome_of(error, "unshare", "user mount");
    char map[32];
    Outcome written =
        write_file(progress, progress.proc_self, "setgroups", "/proc/self/setgroups", "deny", 4);
    if (written.failed()) return written;
    written = write_file(progress, progress.proc_self, "uid_map", "/proc/self/uid_map", map,
                         map_of_one(step.uid, map));
    if (written.failed()) return written;
    return write_file(progress, progress.proc_self, "gid_map", "/proc/self/gid_map", map,
                      map_of_one(step.gid, map));
}

}  // namespace caisson::child
