// SPDX-License-Identifier: Apache-2.0
// What a sandbox may leave behind, as numbers to compare: the files below a directory; the mounts
// of this namespace, System V shared memory and this process's control groups.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <unistd.h>

static unsigned long sum;  // FNV-1a

static inline void add(const void* data, size_t size) {
    for (const unsigned char* byte = data; size > 0; byte++, size--)
        sum = (sum ^ *byte) * 1099511628211UL;
}

static inline int add_entry(const char* path, const struct stat* found, int type, struct FTW* at) {
    (void)at;
    add(path, strlen(path));
    add(&type, sizeof type);
    add(&found->st_mode, sizeof found->st_mode);
    add(&found->st_size, sizeof found->st_size);
    add(&found->st_mtim, sizeof found->st_mtim);
    return 0;
}

static inline void add_file(const char* path) {
    char text[4096];
    ssize_t size;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && (size = read(fd, text, sizeof text)) > 0)
        add(text, (size_t)size);
    if (fd >= 0) close(fd);
}

static inline unsigned long sum_of_files(const char* directory) {
    sum = 14695981039346656037UL;
    if (nftw(directory, add_entry, 32, FTW_PHYS) != 0) add(&errno, sizeof errno);
    return sum;
}

static inline unsigned long sum_of_mounts(void) {
    sum = 14695981039346656037UL;
    add_file("/proc/self/mountinfo");
    add_file("/proc/sysvipc/shm");
    add_file("/proc/self/cgroup");
    return sum;
}
