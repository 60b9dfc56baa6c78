// SPDX-License-Identifier: Apache-2.0
//
// Steps about mounts: which of the two ways a plan goes, and what both share. Runs in the child.
#include <errno.h>

#include "child/classic.h"
#include "child/destination.h"
#include "child/generated.h"
#include "child/steps.h"
#include "child/tree.h"

namespace caisson::child {
namespace {

bool has_trees(const Progress& progress) {
    return progress.start.plan->kernel.mount_trees;
}

}  // namespace

bool is_absence(const Outcome& outcome) {
    return outcome.error == ENOENT || outcome.error == ENOTDIR;
}

Outcome generate(Progress& progress, int store, const char* name, const GeneratedFile& file) {
    const char* to = file.to.c_str();
    const int fd = progress.opened.keep_for_now(
        sys::openat(store, name, O_CREAT | O_EXCL | O_WRONLY, file.mode));
    if (fd < 0) return outcome_of(fd, "open", to);
    const long written = sys::write(fd, file.content.data(), file.content.size());
    if (written < 0) return outcome_of(written, "write", to);
    if (static_cast<size_t>(written) != file.content.size()) return {ENOSPC, "write", to};
    // The caller's umask took its part of the mode; the guest's other users are to read this.
    return outcome_of(sys::fchmod(fd, file.mode), "fchmod", to);
}

Outcome run(const step::AttachBind& step, Progress& progress) {
    return has_trees(progress) ? tree::attach_bind(step, progress)
                               : classic::attach_bind(step, progress);
}

Outcome run(const step::AttachNew& step, Progress& progress) {
    return has_trees(progress) ? tree::attach_new(step, progress)
                               : classic::attach_new(step, progress);
}

Outcome run(const step::AttachFiles& step, Progress& progress) {
    return has_trees(progress) ? tree::attach_files(step, progress)
                               : classic::attach_files(step, progress);
}

Outcome run(const step::RootFromDirectory& step, Progress& progress) {
    return has_trees(progress) ? tree::root_from_directory(step, progress)
                               : classic::root_from_directory(step, progress);
}

Outcome run(const step::RootFromOverlay& step, Progress& progress) {
    return has_trees(progress) ? tree::root_from_overlay(step, progress)
                               : classic::root_from_overlay(step, progress);
}

Outcome run(const step::RootFromTmpfs&, Progress& progress) {
    return has_trees(progress) ? tree::root_from_tmpfs(progress)
                               : classic::root_from_tmpfs(progress);
}

Outcome run(const step::RestrictRoot& step, Progress& progress) {
    return has_trees(progress) ? tree::restrict_root(step, progress)
                               : classic::restrict_root(step, progress);
}

Outcome run(const step::MakePlace& step, Progress& progress) {
    const char* path = step.point.path.c_str();
    return outcome_of(open_destination(progress, path, step.point.make), "mkdir", path);
}

namespace {

// Another link in the place goes. Only a link: there is no harm in losing one.
int make_symlink(const char* target, const Parent& parent) {
    const int error = sys::symlinkat(target, parent.dir, parent.name);
    if (error != -EEXIST) return error;
    char there[1];
    if (sys::readlinkat(parent.dir, parent.name, there, sizeof there) < 0) return error;
    const int removed = sys::unlinkat(parent.dir, parent.name);
    return removed < 0 ? removed : sys::symlinkat(target, parent.dir, parent.name);
}

}  // namespace

Outcome run(const step::MakeSymlink& step, Progress& progress) {
    const char* path = step.path.c_str();
    const Parent parent = open_parent(progress, path);
    if (parent.dir < 0) return outcome_of(parent.dir, "symlink", path);
    const int error = make_symlink(step.target.c_str(), parent);
    sys::close(parent.dir);
    return outcome_of(error, "symlink", path);
}

}  // namespace caisson::child
