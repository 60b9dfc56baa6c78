// SPDX-License-Identifier: Apache-2.0
#include "sys/beneath.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "sys/call.h"

namespace caisson::sys {
namespace {

constexpr int max_links = 40;  // the kernel's own bound, MAXSYMLINKS

int open_with_openat2(int root, const char* path, int flags) {
    open_how how{};
    how.flags = static_cast<uint64_t>(flags | O_CLOEXEC);
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    int fd;
    // EAGAIN: something was renamed or mounted while `..` was looked up (openat2(2)); the kernel
    // asks to try again rather than risk an answer outside.
    int tries = 0;
    do {
        fd = openat2(root, path, how);
    } while (fd == -EAGAIN && ++tries < 1024);
    return fd;
}

// The walk for kernels before 5.6. It keeps the real path so far, which `..` shortens, and what is
// left to look up, to which links are prepended.
class Walk {
  public:
    Walk(int root, const char* path) : root_(root) {
        ok_ = strlen(path) < PATH_MAX;
        if (ok_) strcpy(left_, path);
    }

    int open(int flags) {
        if (ok_ && !left_[0]) return -ENOENT;
        while (ok_ && next_component()) {
            if (!at_directory_) return -ENOTDIR;
            if (strcmp(component_, ".") == 0) continue;
            const int error = strcmp(component_, "..") == 0 ? leave() : descend();
            if (error < 0) return error;
        }
        if (!ok_) return -ENAMETOOLONG;
        // What is left are slashes, and only a directory may have those behind it.
        if (left_[0] && !at_directory_) return -ENOTDIR;
        return openat(root_, real_[0] ? real_ : ".", flags | O_NOFOLLOW);
    }

  private:
    bool next_component() {
        const char* begin = left_;
        while (*begin == '/')
            begin++;
        if (!*begin) return false;
        const char* end = strchrnul(begin, '/');
        const auto size = static_cast<size_t>(end - begin);
        ok_ = size <= NAME_MAX;
        if (!ok_) return false;
        memcpy(component_, begin, size);
        component_[size] = '\0';
        memmove(left_, end, strlen(end) + 1);
        return true;
    }

    int leave() {
        char* slash = strrchr(real_, '/');
        if (slash)
            *slash = '\0';
        else
            real_[0] = '\0';
        at_directory_ = true;
        return 0;
    }

    // Every part of real_ was seen to be no link, and is opened with the last one not followed; a
    // link put in its place meanwhile is the image owner's race against a kernel without openat2.
    int descend() {
        const size_t real_size = strlen(real_);
        const size_t size = strlen(component_);
        if (real_size + size + 2 > sizeof real_) return -ENAMETOOLONG;
        if (real_size) real_[real_size] = '/';
        memcpy(real_ + real_size + (real_size ? 1 : 0), component_, size + 1);

        struct stat found;
        const int error = fstatat(root_, real_, found, AT_SYMLINK_NOFOLLOW);
        if (error < 0) return error;
        at_directory_ = S_ISDIR(found.st_mode);
        return S_ISLNK(found.st_mode) ? follow(real_size) : 0;
    }

    int follow(size_t parent_size) {
        if (++links_ > max_links) return -ELOOP;
        char target[PATH_MAX];
        const long size = readlinkat(root_, real_, target, sizeof target - 1);
        if (size < 0) return static_cast<int>(size);
        target[size] = '\0';
        at_directory_ = true;
        const size_t left_size = strlen(left_);
        if (static_cast<size_t>(size) + left_size + 1 > sizeof left_) return -ENAMETOOLONG;
        memmove(left_ + size, left_, left_size + 1);  // it begins with a slash, or is empty
        memcpy(left_, target, static_cast<size_t>(size));
        if (target[0] == '/')
            real_[0] = '\0';
        else
            real_[parent_size] = '\0';
        return 0;
    }

    int root_;
    bool ok_ = true;
    bool at_directory_ = true;  // what real_ leads to
    int links_ = 0;
    char real_[PATH_MAX] = {};
    char left_[PATH_MAX * 2];
    char component_[NAME_MAX + 1];
};

// Not inlined: its buffers would be part of every caller's frame, three pages of stack to fault in.
[[gnu::noinline]] int open_by_walking(int root, const char* path, int flags) {
    return Walk(root, path).open(flags);
}

}  // namespace

int open_beneath(int root, const char* path, int flags, Lookup lookup) {
    if (lookup == Lookup::openat2) return open_with_openat2(root, path, flags);
    return open_by_walking(root, path, flags);
}

}  // namespace caisson::sys
