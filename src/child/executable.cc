// SPDX-License-Identifier: Apache-2.0
//
// Exchanges the executable of this process for the same file on a read-only mount, so that nobody
// who finds it in /proc can open it for writing. The kernel allows that once no mapping is of the
// old one (prctl(2), PR_SET_MM_EXE_FILE), so each is made anew in place: the code from the new
// file, what has been written to from a copy. Both have the content that was there before, so the
// code can go on while it happens. Runs in the child, which has its memory to itself.
#include <errno.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "child/steps.h"

namespace caisson::child {
namespace {

// On the old root, with which it is taken away: one that is discarded by itself waits for an RCU
// grace period, milliseconds that would be a start's.
Outcome attach_read_only(Progress& progress, const Executable& executable) {
    const char* path = executable.path;
    mount_attr attr{};
    attr.attr_set = MOUNT_ATTR_RDONLY;
    const bool at_once = progress.start.plan->kernel.open_tree_attr;
    const int mount = progress.opened.keep_for_now(
        at_once ? sys::open_tree_attr(AT_FDCWD, path, OPEN_TREE_CLONE, attr)
                : sys::open_tree(AT_FDCWD, path, OPEN_TREE_CLONE));
    if (mount < 0) return outcome_of(mount, at_once ? "open_tree_attr" : "open_tree", path);
    struct stat found {};
    int error = sys::fstatat(mount, "", found, AT_EMPTY_PATH);
    if (error < 0) return outcome_of(error, "newfstatat", path);
    // Another file has its name now, so this one has none.
    if (found.st_dev != executable.device || found.st_ino != executable.inode) {
        return {ENOENT, "open_tree", path};
    }
    if (!at_once) error = sys::mount_setattr(mount, "", AT_EMPTY_PATH, attr);
    if (error < 0) return outcome_of(error, "mount_setattr", path);
    error = sys::move_mount(mount, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH);
    return outcome_of(error, "move_mount", path);
}

// Word by word, since libc's copy may be one that a sanitizer watches.
void copy_pages(long to, const char* from, size_t size) {
    auto* words = reinterpret_cast<volatile unsigned long*>(to);
    const auto* source = reinterpret_cast<const volatile unsigned long*>(from);
    for (size_t i = 0; i < size / sizeof *words; i++)
        words[i] = source[i];
}

Outcome replace_by_copy(const Segment& segment, const char* path) {
    constexpr int writable = PROT_READ | PROT_WRITE;
    const long copy = sys::mmap(nullptr, segment.size, writable,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (copy < 0) return outcome_of(copy, "mmap", path);
    copy_pages(copy, segment.start, segment.size);
    const long moved =
        sys::mremap(copy, segment.size, MREMAP_MAYMOVE | MREMAP_FIXED, segment.start);
    if (moved < 0) return outcome_of(moved, "mremap", path);
    return done();
}

Outcome replace(const Segment& segment, int file, const char* path) {
    if (segment.own_content) return replace_by_copy(segment, path);
    return outcome_of(sys::mmap(segment.start, segment.size, segment.protection,
                                MAP_PRIVATE | MAP_FIXED, file, segment.offset),
                      "mmap", path);
}

}  // namespace

Outcome run(const step::ProtectExecutable&, Progress& progress) {
    if (!progress.start.executable) return {EINVAL, "protect_executable", "executable"};
    const Executable& executable = *progress.start.executable;
    const char* path = executable.path;
    const Outcome attached = attach_read_only(progress, executable);
    if (attached.failed()) return attached;
    const int file = progress.opened.keep_for_now(sys::openat(AT_FDCWD, path, O_RDONLY));
    if (file < 0) return outcome_of(file, "open", path);
    for (size_t i = 0; i < executable.count; i++) {
        const Outcome replaced = replace(executable.segments[i], file, path);
        if (replaced.failed()) return replaced;
    }
    if (executable.sealed_size > 0) {
        const int error = sys::mprotect(executable.sealed_start, executable.sealed_size, PROT_READ);
        if (error < 0) return outcome_of(error, "mprotect", path);
    }
    prctl_mm_map memory = executable.memory;
    memory.start_brk = memory.brk = static_cast<unsigned long>(sys::raw(SYS_brk, 0));
    memory.exe_fd = static_cast<unsigned>(file);
    const int error = sys::prctl(PR_SET_MM, PR_SET_MM_MAP,
                                 static_cast<unsigned long>(sys::arg(&memory)), sizeof memory);
    return outcome_of(error, "prctl", path);
}

}  // namespace caisson::child
