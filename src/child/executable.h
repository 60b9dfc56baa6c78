// SPDX-License-Identifier: Apache-2.0
//
// The file that this process executes, as the kernel mapped it: plain data for the child.
#pragma once

#include <linux/prctl.h>
#include <sys/types.h>

#include <cstddef>

namespace caisson::child {

// Whole pages of the executable's.
struct Segment {
    char* start = nullptr;
    size_t size = 0;
    size_t offset = 0;  // in the file
    int protection = 0;
    bool own_content = false;  // has been written to, or relocated, since it was mapped
};

struct Executable {
    static constexpr size_t most_segments = 16;

    const char* path = "";
    dev_t device = 0;
    ino_t inode = 0;
    Segment segments[most_segments] = {};
    size_t count = 0;
    // What the loader made read-only behind itself (PT_GNU_RELRO), a part of a segment.
    char* sealed_start = nullptr;
    size_t sealed_size = 0;
    prctl_mm_map memory = {};  // as the kernel has it now, but for the executable and the heap
};

}  // namespace caisson::child
