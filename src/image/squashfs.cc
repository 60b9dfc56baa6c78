// SPDX-License-Identifier: Apache-2.0
#include "image/squashfs.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "caisson/fd.h"

namespace caisson {

// "hsqs": the superblock's magic number, 0x73717368, as a little-endian machine wrote it. That is
// the only order which Linux mounts (squashfs_fill_super()).
bool is_squashfs(const std::string& path) {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    char magic[4];
    return fd && ::read(fd.get(), magic, sizeof magic) == sizeof magic &&
           memcmp(magic, "hsqs", sizeof magic) == 0;
}

}  // namespace caisson
