// SPDX-License-Identifier: Apache-2.0
//
// The lines of /proc/self/mountinfo, as the kernels without mount_setattr(2) need them. Includes
// the file, whose parts nobody else may call; the linker leaves the archive's copy alone.
#include "child/mountinfo.cc"  // NOLINT(bugprone-suspicious-include)

#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "caisson/mem_file.h"

namespace caisson::child::classic {
namespace {

struct Read {
    std::vector<std::string> lines;
    long error = 0;
};

Read read_lines(const std::string& content) {
    MemFile file = MemFile::create("mountinfo").value();
    EXPECT_TRUE(file.write(content).ok());
    lseek(file.fd(), 0, SEEK_SET);
    const auto lines = std::make_unique<Lines>(file.fd());
    Read read;
    while (const char* line = lines->next(read.error))
        read.lines.push_back(line);
    return read;
}

TEST(MountInfo, LinesAreReadWhateverTheirNumber) {
    EXPECT_TRUE(read_lines("").lines.empty());
    EXPECT_EQ(read_lines("one\n\nthree\n").lines, (std::vector<std::string>{"one", "", "three"}));
    std::string many;
    for (int i = 0; i < 5000; i++)
        many += "line " + std::to_string(i) + "\n";
    const Read read = read_lines(many);
    ASSERT_EQ(read.lines.size(), 5000U);
    EXPECT_EQ(read.lines.back(), "line 4999");
    EXPECT_EQ(read.error, 0);
}

// A path of PATH_MAX blanks is four times as long here. Taking such a line for the end would leave
// all mounts behind it unrestricted.
TEST(MountInfo, ALineThatDoesNotFitIsAnError) {
    for (const size_t size : {4000UL, 12000UL, 12287UL, 12288UL, 20000UL, 100000UL}) {
        const Read read = read_lines("one\n" + std::string(size, 'x') + "\nthree\n");
        const bool whole = read.lines.size() == 3 && read.lines[2] == "three";
        EXPECT_TRUE(whole || read.error < 0) << size;
    }
}

TEST(MountInfo, AReadThatFailsIsAnError) {
    const auto lines = std::make_unique<Lines>(-1);
    long error = 0;
    EXPECT_EQ(lines->next(error), nullptr);
    EXPECT_EQ(error, -EBADF);
}

TEST(MountInfo, ALineHasNumbersAPointAndOptions) {
    std::string text =
        "36 35 98:0 /mnt1 /mnt\\0402\\011\\012\\134 rw,noatime master:1 - ext3 /dev/root rw";
    const Line line = parse(text.data());
    EXPECT_EQ(line.id, 36U);
    EXPECT_EQ(line.parent, 35U);
    EXPECT_STREQ(line.point, "/mnt 2\t\n\\");
    EXPECT_STREQ(line.options, "rw,noatime");
}

TEST(MountInfo, LinesThatAreCutShortHaveEmptyParts) {
    for (std::string text :
         {"", "36", "36 35", "36 35 98:0", "36 35 98:0 /", "x", " ", "36 35 0:1 / /a\\04"}) {
        const Line line = parse(text.data());
        ASSERT_NE(line.point, nullptr);
        ASSERT_NE(line.options, nullptr);
    }
}

TEST(MountInfo, FlagsAreWholeWords) {
    const struct {
        const char* options;
        unsigned long flags;
    } table[] = {
        {"", 0},
        {"rw", 0},
        {"ro", MS_RDONLY},
        {"rw,nosuid,nodev,noexec", MS_NOSUID | MS_NODEV | MS_NOEXEC},
        // Not said, the times of access stay as they are (do_reconfigure_mnt in the kernel).
        {"ro,relatime", MS_RDONLY},
        {"rw,noatime,nodiratime", 0},
        {"rw,nodevx,xnosuid,errors=ro", 0},
        {"prolog,ro", MS_RDONLY},
    };
    for (const auto& row : table)
        EXPECT_EQ(flags_of(row.options), row.flags) << row.options;
}

TEST(MountInfo, ATreeHoldsSoManyMountsAndNoMore) {
    Tree tree(1);
    for (unsigned id = 2; id <= 2048; id++)
        ASSERT_TRUE(tree.add(id));
    EXPECT_FALSE(tree.add(2049)) << "refused, so that the mount is not forgotten";
    EXPECT_TRUE(tree.contains(1));
    EXPECT_TRUE(tree.contains(2048));
    EXPECT_FALSE(tree.contains(2049));
}

TEST(MountInfo, ADescriptorKnowsItsMount) {
    const int fd = ::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
    ASSERT_GE(fd, 0);
    EXPECT_GT(mount_id_of(fd), 0);
    ::close(fd);
    EXPECT_LT(mount_id_of(9999), 0);
}

}  // namespace
}  // namespace caisson::child::classic
