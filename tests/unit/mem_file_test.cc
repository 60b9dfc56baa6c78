// SPDX-License-Identifier: Apache-2.0
#include "caisson/mem_file.h"

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace caisson {
namespace {

MemFile with(std::string_view content) {
    MemFile file = MemFile::create("test").value();
    EXPECT_TRUE(file.write(content).ok());
    return file;
}

std::string content_of(int fd) {
    std::string text(100, '\0');
    const ssize_t size = pread(fd, text.data(), text.size(), 0);
    text.resize(size < 0 ? 0 : static_cast<size_t>(size));
    return text;
}

TEST(MemFile, WritesAppend) {
    MemFile file = with("one ");
    EXPECT_TRUE(file.write("two").ok());
    EXPECT_TRUE(file.write("").ok());
    EXPECT_EQ(content_of(file.fd()), "one two");
}

TEST(MemFile, IsCloseOnExecAndNotExecutable) {
    const MemFile file = with("x");
    EXPECT_EQ(fcntl(file.fd(), F_GETFD), FD_CLOEXEC);
    struct stat info {};
    ASSERT_EQ(fstat(file.fd(), &info), 0);
    if (fcntl(file.fd(), F_GET_SEALS) & static_cast<int>(Seals::exec)) {
        EXPECT_EQ(info.st_mode & 0111, 0U);
    } else {
        GTEST_SKIP() << "the kernel is older than 6.3 and has no MFD_NOEXEC_SEAL";
    }
}

TEST(MemFile, NamesHaveALimit) {
    EXPECT_TRUE(MemFile::create(std::string(249, 'n')).ok());
    EXPECT_EQ(MemFile::create(std::string(250, 'n')).error().errno_value, EINVAL);
}

TEST(MemFile, FailsWhereNoDescriptorIsLeft) {
    rlimit before{};
    getrlimit(RLIMIT_NOFILE, &before);
    const rlimit none = {0, before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
    const Result<MemFile> file = MemFile::create("test");
    setrlimit(RLIMIT_NOFILE, &before);
    ASSERT_FALSE(file.ok());
    EXPECT_EQ(file.error().text(), "memory file: memfd_create \"test\": Too many open files");
}

TEST(SealedFile, NothingCanChangeItAnyMore) {
    const SealedFile file = with("fixed").seal().value();
    EXPECT_EQ(pwrite(file.fd(), "x", 1, 0), -1);
    EXPECT_EQ(errno, EPERM);
    EXPECT_EQ(ftruncate(file.fd(), 0), -1);
    EXPECT_EQ(ftruncate(file.fd(), 100), -1);
    EXPECT_EQ(fcntl(file.fd(), F_ADD_SEALS, F_SEAL_FUTURE_WRITE), -1);
    EXPECT_EQ(mmap(nullptr, 1, PROT_WRITE, MAP_SHARED, file.fd(), 0), MAP_FAILED);
    EXPECT_EQ(content_of(file.fd()), "fixed");
}

TEST(SealedFile, SomeSealsLeaveTheRestOpen) {
    const SealedFile file = with("fixed").seal(Seals::shrink | Seals::grow).value();
    EXPECT_EQ(pwrite(file.fd(), "F", 1, 0), 1);
    EXPECT_EQ(ftruncate(file.fd(), 0), -1);
    EXPECT_EQ(content_of(file.fd()), "Fixed");
}

TEST(SealedFile, AMappingThatWritesPreventsIt) {
    MemFile file = with("fixed");
    void* mapping = mmap(nullptr, 1, PROT_WRITE, MAP_SHARED, file.fd(), 0);
    ASSERT_NE(mapping, MAP_FAILED);
    const Result<SealedFile> sealed = std::move(file).seal();
    munmap(mapping, 1);
    ASSERT_FALSE(sealed.ok());
    EXPECT_EQ(sealed.error().text(), "memory file: F_ADD_SEALS: Device or resource busy");
}

TEST(SealedFile, AdoptChecksTheSeals) {
    const struct {
        Seals present;
        Seals wanted;
        bool adopted;
    } table[] = {
        {Seals::immutable, Seals::immutable, true},
        {Seals::immutable, Seals::write, true},
        {Seals::immutable, Seals::none, true},
        {Seals::write | Seals::grow | Seals::shrink, Seals::immutable, false},
        {Seals::none, Seals::write, false},
        {Seals::none, Seals::none, true},
    };
    for (const auto& row : table) {
        MemFile file = with("x");
        Fd fd(dup(file.fd()));
        ASSERT_TRUE(std::move(file).seal(row.present).ok());
        const int number = fd.get();
        const Result<SealedFile> adopted = SealedFile::adopt(std::move(fd), row.wanted);
        EXPECT_EQ(adopted.ok(), row.adopted);
        EXPECT_EQ(fcntl(number, F_GETFD) >= 0, row.adopted) << "what is refused is closed";
    }
}

TEST(SealedFile, AdoptRefusesWhatCannotBeSealed) {
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    const Fd other(ends[1]);
    EXPECT_EQ(SealedFile::adopt(Fd(ends[0])).error().errno_value, EINVAL);
    EXPECT_EQ(SealedFile::adopt(Fd(open("/dev/null", O_RDONLY))).error().errno_value, EINVAL);
    EXPECT_EQ(SealedFile::adopt(Fd()).error().errno_value, EBADF);
}

TEST(SealedFile, ReleaseHandsTheDescriptorOver) {
    const Fd fd = with("x").seal().value().release();
    EXPECT_EQ(content_of(fd.get()), "x");
}

}  // namespace
}  // namespace caisson
