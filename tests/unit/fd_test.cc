// SPDX-License-Identifier: Apache-2.0
#include "caisson/fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <utility>

namespace caisson {
namespace {

bool is_open(int fd) {
    return fcntl(fd, F_GETFD) >= 0;
}
int open_one() {
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

TEST(Fd, ClosesWhatItOwns) {
    const int number = open_one();
    {
        const Fd fd(number);
        EXPECT_TRUE(fd);
        EXPECT_EQ(fd.get(), number);
    }
    EXPECT_FALSE(is_open(number));
}

TEST(Fd, OwnsNothingByDefault) {
    const Fd fd;
    EXPECT_FALSE(fd);
    EXPECT_EQ(fd.get(), -1);
    EXPECT_TRUE(Fd(0)) << "0 is a descriptor as well";
    // Fd(0) has closed standard input; the test's is put back.
    EXPECT_EQ(open("/dev/null", O_RDONLY), 0);
}

TEST(Fd, MovesLeaveNothingBehind) {
    const int number = open_one();
    Fd first(number);
    Fd second(std::move(first));
    EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): that is the contract
    EXPECT_EQ(second.get(), number);
    Fd third(open_one());
    const int replaced = third.get();
    third = std::move(second);
    EXPECT_FALSE(is_open(replaced));
    EXPECT_EQ(third.get(), number);
    Fd& same = third;
    third = std::move(same);
    EXPECT_TRUE(is_open(number)) << "moved to itself";
}

TEST(Fd, ReleaseGivesItUpAndResetReplacesIt) {
    const int number = open_one();
    Fd fd(number);
    EXPECT_EQ(fd.release(), number);
    EXPECT_FALSE(fd);
    EXPECT_TRUE(is_open(number));
    fd.reset(number);
    fd.reset();
    EXPECT_FALSE(is_open(number));
    fd.reset();
}

}  // namespace
}  // namespace caisson
