// SPDX-License-Identifier: Apache-2.0
//
// Lines of /proc/self/mountinfo: paths in them are other people's.
#include "child/mountinfo.cc"  // NOLINT(bugprone-suspicious-include)

#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/seeds.h"

namespace {

using namespace caisson::child::classic;
using caisson::fuzz::require;

void check(char* text, const char* end) {
    const Line line = parse(text);
    require(line.point >= text && line.point + strlen(line.point) <= end);
    require(line.options >= text && line.options <= end);
    require((flags_of(line.options) & ~0xfffUL & ~MS_RELATIME) == 0);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    caisson::fuzz::write_seeds(
        {"36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 - ext3 /dev/root rw\n"
         "37 36 0:5 / /mnt\\0402/a ro,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw\n",
         "1 1 0:1 / / rw - rootfs rootfs rw\n", "\\\\\\\n", "4294967296 99999999999 \n"});
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    static const int file = memfd_create("mountinfo", MFD_CLOEXEC);
    require(ftruncate(file, 0) == 0);
    require(pwrite(file, data, size, 0) == static_cast<ssize_t>(size));
    lseek(file, 0, SEEK_SET);
    static Lines lines(file);
    lines = Lines(file);
    long error = 0;
    while (char* text = lines.next(error))
        check(text, text + strlen(text));
    return 0;
}
