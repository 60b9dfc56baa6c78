// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/path.h"
#include "caisson/image.h"

namespace caisson {
namespace {

// Not inlined: PATH_MAX bytes of stack are a page fault for a caller that does not need them.
[[gnu::noinline]] Result<Root> resolved(const std::string& path) {
    char real[PATH_MAX];
    if (!realpath(path.c_str(), real)) return Error{"image", "realpath", path, errno, {}, {}};
    return Root{real, {}, {}};
}

}  // namespace

Result<Root> directory_image(const std::string& path) {
    struct stat found {};
    if (stat(path.c_str(), &found) < 0) {
        return Error{
            "image", "stat",
            path,    errno,
            {},      errno == ENOENT ? "an image is a directory with a root file system" : ""};
    }
    if (!S_ISDIR(found.st_mode)) {
        return Error{"image",
                     "",
                     path,
                     0,
                     "is not a directory",
                     "an image is a directory with a root file system"};
    }
    // Kept as the user wrote it where that is absolute: the kernel follows links by itself, and
    // messages then speak of the path that the user knows.
    if (path::is_absolute(path)) return Root{path::tidy(path), {}, {}};
    return resolved(path);
}

}  // namespace caisson
