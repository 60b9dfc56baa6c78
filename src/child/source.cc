// SPDX-License-Identifier: Apache-2.0
#include "child/source.h"

#include <string.h>

#include "sys/beneath.h"

namespace caisson::child {
namespace {

bool has_parent_reference(const char* path) {
    for (const char* at = path; (at = strstr(at, "..")); at += 2) {
        const bool begins = at == path || at[-1] == '/';
        if (begins && (at[2] == '/' || at[2] == '\0')) return true;
    }
    return false;
}

}  // namespace

bool is_root_detached(const Progress& progress) {
    const KernelInterfaces& kernel = progress.start.plan->kernel;
    return kernel.mount_trees && kernel.open_tree_attr;
}

Outcome hide_root() {
    return outcome_of(sys::mount(nullptr, "/..", nullptr, MS_UNBINDABLE, nullptr), "mount", "/");
}

Outcome show_root() {
    return outcome_of(sys::mount(nullptr, "/", nullptr, MS_PRIVATE, nullptr), "mount", "/");
}

Source find_source(Progress& progress, const char* path) {
    if (is_root_detached(progress) || !has_parent_reference(path)) return {AT_FDCWD, path};
    const int top = sys::openat(AT_FDCWD, "/", O_PATH);
    if (top < 0) return {.error = top};
    const int fd = progress.opened.keep_for_now(
        sys::open_beneath(top, path, O_PATH, sys::Lookup::component_walk));
    sys::close(top);
    if (fd < 0) return {.error = fd};
    return {fd, "", AT_EMPTY_PATH};
}

}  // namespace caisson::child
