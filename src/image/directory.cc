// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/path.h"
#include "caisson/image.h"
#include "image/squashfs.h"

namespace caisson {
namespace {

// Not inlined: PATH_MAX bytes of stack are a page fault for a caller that does not need them.
[[gnu::noinline]] Result<Root> resolved(const std::string& path) {
    char real[PATH_MAX];
    if (!realpath(path.c_str(), real)) return Error{"image", "realpath", path, errno, {}, {}};
    return Root{real, {}, {}};
}

constexpr const char* what_it_is = "an image is a directory with a root file system";

// Kept as the user wrote it where that is absolute: the kernel follows links by itself, and
// messages then speak of the path that the user knows.
Result<Root> directory_at(const std::string& path) {
    if (path::is_absolute(path)) return Root{path::tidy(path), {}, {}};
    return resolved(path);
}

}  // namespace

Result<Root> root_of(const Image& image) {
    switch (image.form) {
        case ImageForm::directory:
            return directory_at(image.path);
        case ImageForm::squashfs:
            return Error{"image",
                         "mount",
                         image.path,
                         0,
                         "is a SquashFS archive, which can't be mounted yet",
                         "unpack it: unsquashfs -d DIRECTORY " + image.path};
        case ImageForm::unknown:
            break;
    }
    return Error{"image", "", image.path, 0, "is not a directory", what_it_is};
}

Result<Root> directory_image(const std::string& path) {
    struct stat found {};
    if (stat(path.c_str(), &found) < 0) {
        return Error{"image", "stat", path, errno, {}, errno == ENOENT ? what_it_is : ""};
    }
    if (S_ISDIR(found.st_mode)) return directory_at(path);
    return root_of({path, is_squashfs(path) ? ImageForm::squashfs : ImageForm::unknown, false});
}

}  // namespace caisson
