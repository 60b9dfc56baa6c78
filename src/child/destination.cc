// SPDX-License-Identifier: Apache-2.0
#include "child/destination.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

namespace caisson::child {
namespace {

int open_here(Progress& progress, const char* path) {
    // A plan without a new root puts its mounts into the one that is there.
    if (progress.root < 0) progress.root = sys::openat(AT_FDCWD, "/", O_PATH);
    if (progress.root < 0) return progress.root;
    return sys::open_beneath(progress.root, path, O_PATH, lookup_of(*progress.start.plan));
}

// Opens the directory `path`, making each component that is missing. Made directories are 0755
// less the umask, as mkdir(1) makes them.
int make_directories(Progress& progress, const char* path) {
    char prefix[PATH_MAX];
    const size_t size = strlen(path);
    if (size >= sizeof prefix) return -ENAMETOOLONG;
    int dir = open_here(progress, "/");
    for (size_t end = 0; end < size && dir >= 0;) {
        const size_t begin = end + strspn(path + end, "/");
        end = begin + strcspn(path + begin, "/");
        if (begin == end) break;
        memcpy(prefix, path, end);
        prefix[end] = '\0';
        int next = open_here(progress, prefix);
        if (next == -ENOENT) {
            const int error = sys::mkdirat(dir, prefix + begin, 0755);
            // EEXIST: made by somebody else just now, or a link that leads nowhere; opening tells.
            next = error < 0 && error != -EEXIST ? error : open_here(progress, prefix);
        }
        sys::close(dir);
        dir = next;
    }
    return dir;
}

int make_file(Progress& progress, const char* path) {
    const Parent parent = open_parent(progress, path);
    if (parent.dir < 0) return parent.dir;
    const int fd = sys::openat(parent.dir, parent.name, O_CREAT | O_EXCL | O_NOFOLLOW, 0644);
    sys::close(parent.dir);
    if (fd >= 0) sys::close(fd);
    return fd < 0 && fd != -EEXIST ? fd : open_here(progress, path);
}

}  // namespace

sys::Lookup lookup_of(const Plan& plan) {
    return plan.kernel.openat2 ? sys::Lookup::openat2 : sys::Lookup::component_walk;
}

int open_destination(Progress& progress, const char* path, MakePoint make) {
    int fd = open_here(progress, path);
    if (fd == -ENOENT && make == MakePoint::directory) fd = make_directories(progress, path);
    if (fd == -ENOENT && make == MakePoint::file) fd = make_file(progress, path);
    return progress.opened.keep_for_now(fd);
}

Outcome no_destination(int error, MakePoint make, const char* operation, const char* path) {
    const bool is_broken_link = error == -ENOENT && make != MakePoint::never;
    return outcome_of(error, is_broken_link ? "mkdir" : operation, path);
}

Parent open_parent(Progress& progress, const char* path) {
    char directory[PATH_MAX];
    const size_t size = strlen(path);
    if (size >= sizeof directory) return {-ENAMETOOLONG};
    const char* slash = strrchr(path, '/');
    const char* name = slash ? slash + 1 : path;
    if (!*name) return {-EISDIR};
    memcpy(directory, path, static_cast<size_t>(name - path));
    directory[name - path] = '\0';
    return {make_directories(progress, directory), name};
}

}  // namespace caisson::child
