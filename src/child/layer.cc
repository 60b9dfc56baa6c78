// SPDX-License-Identifier: Apache-2.0
#include "child/layer.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "child/destination.h"

namespace caisson::child {
namespace {

// What is being filled, and the directory that the overlay will show through it.
struct Layer {
    int upper;
    int lower;
    sys::Lookup lookup;
};

// A directory of the layer covers the image's of the same name, with its own owner and mode. One
// that the image has not is made as mkdir(1) makes it.
int make_alike(const Layer& layer, int dir, const char* name, const char* path) {
    int error = sys::mkdirat(dir, name, 0755);
    if (error < 0) return error == -EEXIST ? 0 : error;
    const int model = sys::open_beneath(layer.lower, path, O_PATH | O_DIRECTORY, layer.lookup);
    if (model < 0) return 0;
    struct stat found;
    error = sys::fstatat(model, "", found, AT_EMPTY_PATH);
    sys::close(model);
    if (error < 0) return error;
    // Users without a place in the user namespace can't be given anything; it is the caller's then.
    sys::fchownat(dir, name, found.st_uid, found.st_gid);
    return sys::fchmodat(dir, name, found.st_mode & 07777);
}

// Opens a directory of the layer, made with those above it where missing; -errno otherwise. A kept
// layer is not to be trusted, so each look-up stays in it.
int open_directory(const Layer& layer, const char* path, size_t size) {
    char prefix[PATH_MAX];
    if (size >= sizeof prefix) return -ENAMETOOLONG;
    int dir = sys::openat(layer.upper, ".", O_PATH | O_DIRECTORY);
    for (size_t end = 0; dir >= 0;) {
        const size_t begin = end + strspn(path + end, "/");
        if (begin >= size) break;
        end = begin + strcspn(path + begin, "/");
        memcpy(prefix, path, end);
        prefix[end] = '\0';
        const int error = make_alike(layer, dir, prefix + begin, prefix);
        sys::close(dir);
        if (error < 0) return error;
        dir = sys::open_beneath(layer.upper, prefix, O_PATH | O_DIRECTORY, layer.lookup);
    }
    return dir;
}

int make_point(const Layer& layer, const MountPoint& point) {
    const char* path = point.path.c_str();
    const bool is_file = point.make == MakePoint::file;
    const char* name = strrchr(path, '/') + 1;
    const int dir =
        open_directory(layer, path, is_file ? static_cast<size_t>(name - path) : strlen(path));
    if (dir < 0 || !is_file) {
        if (dir >= 0) sys::close(dir);
        return dir;
    }
    const int fd = sys::openat(dir, name, O_CREAT | O_EXCL | O_NOFOLLOW, 0644);
    sys::close(dir);
    if (fd >= 0) sys::close(fd);
    return fd == -EEXIST ? 0 : fd;
}

bool is_same(const char* a, const char* b, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (a[i] != b[i]) return false;
    }
    return true;
}

// Links come by the hundred, and mostly side by side: the directory stays open between two.
Outcome make_links(const Layer& layer, const std::vector<step::MakeSymlink>& links) {
    const char* opened = nullptr;
    size_t opened_size = 0;
    int dir = -1;
    Outcome outcome;
    for (const step::MakeSymlink& link : links) {
        const char* path = link.path.c_str();
        const char* name = strrchr(path, '/') + 1;
        const auto size = static_cast<size_t>(name - path);
        if (!opened || size != opened_size || !is_same(path, opened, size)) {
            if (dir >= 0) sys::close(dir);
            dir = open_directory(layer, path, size);
            opened = path;
            opened_size = size;
        }
        const int error = dir < 0 ? dir : sys::symlinkat(link.target.c_str(), dir, name);
        outcome = outcome_of(error, "symlink", path);
        if (outcome.failed()) break;
    }
    if (dir >= 0) sys::close(dir);
    return outcome;
}

Outcome fill(const step::RootFromOverlay& step, const Layer& layer) {
    for (const MountPoint& point : step.points) {
        const Outcome made = outcome_of(make_point(layer, point), "mkdir", point.path.c_str());
        if (made.failed()) return made;
    }
    return make_links(layer, step.links);
}

}  // namespace

Outcome prepare_layer(const step::RootFromOverlay& step, int layer, Progress& progress) {
    for (const char* name : {"upper", "work"}) {
        const int error = sys::mkdirat(layer, name, 0755);
        // A kept layer has them from the run before.
        const bool is_kept = error == -EEXIST && !step.layer.empty();
        if (error >= 0 || is_kept) continue;
        return outcome_of(error, "mkdir", step.layer.empty() ? name : step.layer.c_str());
    }
    if (step.points.empty() && step.links.empty()) return done();
    const int upper = sys::openat(layer, "upper", O_PATH | O_DIRECTORY | O_NOFOLLOW);
    if (upper < 0) return outcome_of(upper, "open", "upper");
    const char* from = step.from.c_str();
    const int lower = sys::openat(AT_FDCWD, from, O_PATH | O_DIRECTORY);
    const Outcome filled = lower < 0 ? outcome_of(lower, "open", from)
                                     : fill(step, {upper, lower, lookup_of(*progress.start.plan)});
    sys::close(upper);
    if (lower >= 0) sys::close(lower);
    return filled;
}

}  // namespace caisson::child
