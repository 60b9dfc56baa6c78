// SPDX-License-Identifier: Apache-2.0
//
// The same verbs with mount(2), for kernels before 5.12. There a mount is attached first and
// restricted then, in place; nothing of the sandbox runs until the last phase, so nothing sees it
// in between. Restricting keeps the flags that the kernel has locked. Runs in the child.
#pragma once

#include "child/outcome.h"
#include "child/start.h"

namespace caisson::child::classic {

Outcome root_from_directory(const step::RootFromDirectory& step, Progress& progress);
Outcome root_from_overlay(const step::RootFromOverlay& step, Progress& progress);
Outcome root_from_tmpfs(Progress& progress);
Outcome restrict_root(const step::RestrictRoot& step, Progress& progress);
Outcome attach_bind(const step::AttachBind& step, Progress& progress);
Outcome attach_new(const step::AttachNew& step, Progress& progress);
Outcome attach_files(const step::AttachFiles& step, Progress& progress);

// MS_* for mount(2).
unsigned long flag_bits(const MountAttributes& attributes);

// mountinfo.cc: sets the attributes on the mount behind `fd`, and on those below it, and makes them
// private: what the host mounts below the source later would arrive without them.
Outcome restrict(Progress& progress, int fd, const MountAttributes& attributes, bool recursive,
                 const char* subject);

// "/proc/self/fd/N": the only way to name a descriptor to mount(2).
class FdPath {
  public:
    explicit FdPath(int fd);
    const char* text() const { return buffer_; }

  private:
    char buffer_[40];
};

}  // namespace caisson::child::classic
