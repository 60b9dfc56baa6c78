// SPDX-License-Identifier: Apache-2.0
#include "caisson/mem_file.h"

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "unit/temporary_directory.h"

namespace caisson {
namespace {

MemFile with(std::string_view content, const MemFileOptions& options = {}) {
    MemFile file = MemFile::create("test", options).value();
    EXPECT_TRUE(file.write(content).ok());
    return file;
}

std::string content_of(int fd) {
    std::string text(100, '\0');
    const ssize_t size = pread(fd, text.data(), text.size(), 0);
    text.resize(size < 0 ? 0 : static_cast<size_t>(size));
    return text;
}

std::string text_of(const Mapping& mapping) {
    return {reinterpret_cast<const char*>(mapping.bytes().data()), mapping.bytes().size()};
}

mode_t mode_of(int fd) {
    struct stat info {};
    fstat(fd, &info);
    return info.st_mode & 07777;
}

// Linux 6.3 has both flags.
bool has_execution_flags() {
    return contains(MemFile::create("test").value().seals().value(), Seals::exec);
}

// ---- making one

TEST(MemFile, FlagsDecideModeSealsAndInheritance) {
    if (!has_execution_flags()) GTEST_SKIP() << "the kernel is older than 6.3";
    const struct {
        const char* name;
        MemFileOptions options;
        mode_t mode;
        Seals seals;
        int inherited;
    } table[] = {
        {"defaults", {}, 0666, Seals::exec, FD_CLOEXEC},
        {"executable", {.execution = Execution::allowed}, 0777, Seals::none, FD_CLOEXEC},
        {"never sealable",
         {.execution = Execution::allowed, .sealable = false},
         0777,
         Seals::seal,
         FD_CLOEXEC},
        {"inherited", {.close_on_exec = false}, 0666, Seals::exec, 0},
    };
    for (const auto& row : table) {
        SCOPED_TRACE(row.name);
        const MemFile file = MemFile::create("test", row.options).value();
        EXPECT_EQ(mode_of(file.fd()), row.mode);
        EXPECT_EQ(file.seals().value(), row.seals) << names_of(file.seals().value());
        EXPECT_EQ(fcntl(file.fd(), F_GETFD), row.inherited);
    }
}

TEST(MemFile, WhatIsNeverExecutedCannotBeMadeExecutable) {
    const MemFile file = MemFile::create("test").value();
    EXPECT_EQ(mode_of(file.fd()), 0666U) << "on older kernels too";
    EXPECT_EQ(fchmod(file.fd(), 0644), 0);
    if (!has_execution_flags()) GTEST_SKIP() << "the kernel is older than 6.3";
    EXPECT_EQ(fchmod(file.fd(), 0755), -1);
    EXPECT_EQ(errno, EPERM);
}

TEST(MemFile, NamesHaveALimit) {
    EXPECT_TRUE(MemFile::create(std::string(249, 'n')).ok());
    const Error error = MemFile::create(std::string(250, 'n')).error();
    EXPECT_EQ(error.errno_value, EINVAL);
    EXPECT_EQ(error.hint, "the name is longer than 249 bytes");
}

TEST(MemFile, AWishThatCannotHoldIsRefused) {
    const MemFileOptions unsealable = {.sealable = false};
    EXPECT_EQ(
        MemFile::create("test", unsealable).error().text(),
        "memory file: memfd_create \"test\": what may never be executed can always be sealed");
    const MemFileOptions no_size = {.huge_pages = HugePages{64}};
    EXPECT_EQ(MemFile::create("test", no_size).error().text(),
              "memory file: memfd_create \"test\": no huge page has that size");
    const MemFileOptions other_size = {.huge_pages = HugePages{24}};
    EXPECT_EQ(MemFile::create("test", other_size).error().errno_value, ENODEV);
}

TEST(MemFile, FailsWhereNoDescriptorIsLeft) {
    rlimit before{};
    getrlimit(RLIMIT_NOFILE, &before);
    const rlimit none = {0, before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
    const Result<MemFile> file = MemFile::create("test");
    setrlimit(RLIMIT_NOFILE, &before);
    ASSERT_FALSE(file.ok());
    EXPECT_EQ(file.error().text(),
              "memory file: memfd_create \"test\": Too many open files (too many open files: raise "
              "`ulimit -n`)");
}

// ---- content

TEST(MemFile, WritesAppend) {
    MemFile file = with("one ");
    EXPECT_TRUE(file.write("two").ok());
    EXPECT_TRUE(file.write("").ok());
    EXPECT_EQ(content_of(file.fd()), "one two");
    EXPECT_EQ(file.size().value(), 7U);
}

TEST(MemFile, WritesFromAnyKindOfDescriptor) {
    const TemporaryDirectory directory;
    const Fd file(open((directory.path() + "/file").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    ASSERT_EQ(pwrite(file.get(), "0123456789", 10, 0), 10);
    int pipe_ends[2];
    ASSERT_EQ(pipe2(pipe_ends, O_CLOEXEC), 0);
    const Fd pipe_end(pipe_ends[0]);
    ASSERT_EQ(write(pipe_ends[1], "0123456789", 10), 10);
    close(pipe_ends[1]);
    int sockets[2];
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
    const Fd socket_end(sockets[0]);
    ASSERT_EQ(write(sockets[1], "0123456789", 10), 10);
    close(sockets[1]);
    for (const Fd* from : {&file, &pipe_end, &socket_end}) {
        MemFile memory = with("> ");
        EXPECT_EQ(memory.write_from(from->get(), 4).value(), 4U);
        EXPECT_EQ(memory.write_from(from->get(), 0).value(), 0U);
        EXPECT_EQ(memory.write_from(from->get()).value(), 6U);
        EXPECT_EQ(memory.write_from(from->get()).value(), 0U) << "the end";
        EXPECT_EQ(content_of(memory.fd()), "> 0123456789");
    }
    MemFile memory = with("");
    const Fd zero(open("/dev/zero", O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(memory.write_from(zero.get(), 100000).value(), 100000U);
    EXPECT_EQ(memory.size().value(), 100000U);
    const Fd proc(open("/proc/self/comm", O_RDONLY | O_CLOEXEC));
    EXPECT_GT(memory.write_from(proc.get()).value(), 1U);
}

TEST(MemFile, WhatCannotBeReadIsAnError) {
    MemFile file = with("");
    const Fd directory(open("/", O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(file.write_from(directory.get()).error().text(),
              "memory file: read \"test\": Is a directory");
    EXPECT_EQ(file.write_from(-1).error().errno_value, EBADF);
}

TEST(MemFile, SizesAreSetWithOrWithoutMemory) {
    MemFile file = with("content");
    EXPECT_TRUE(file.resize(3).ok());
    EXPECT_EQ(content_of(file.fd()), "con");
    EXPECT_TRUE(file.reserve(8192).ok());
    EXPECT_TRUE(file.reserve(0).ok());
    EXPECT_EQ(file.size().value(), 8192U);
    struct stat info {};
    ASSERT_EQ(fstat(file.fd(), &info), 0);
    EXPECT_EQ(info.st_blocks * 512, 8192);
    EXPECT_TRUE(file.reserve(1).ok());
    EXPECT_EQ(file.size().value(), 8192U) << "never smaller";
    EXPECT_EQ(file.resize(UINT64_MAX).error().errno_value, EFBIG);
    EXPECT_EQ(file.reserve(UINT64_MAX).error().errno_value, EFBIG);
}

TEST(MemFile, MappingsAreSharedAndOutliveTheFile) {
    MemFile file = with("content");
    const Mapping reader = file.map().value();
    WritableMapping writer = file.map_writable().value();
    memcpy(writer.bytes().data(), "CON", 3);
    EXPECT_EQ(text_of(reader), "CONtent");
    const void* start = reader.bytes().data();
    Mapping moved = file.map().value();
    { const MemFile gone = std::move(file); }
    EXPECT_EQ(text_of(reader), "CONtent");
    moved = with("other").map().value();
    EXPECT_EQ(text_of(moved), "other");
    EXPECT_EQ(msync(const_cast<void*>(start), 1, MS_ASYNC), 0) << "mapped";
}

TEST(MemFile, MappingsGoWithTheirOwner) {
    const void* start = nullptr;
    {
        const Mapping mapping = with("content").map().value();
        start = mapping.bytes().data();
    }
    EXPECT_EQ(msync(const_cast<void*>(start), 1, MS_ASYNC), -1);
    EXPECT_EQ(errno, ENOMEM) << "not mapped";
}

TEST(MemFile, AnEmptyFileHasAnEmptyMapping) {
    MemFile file = with("");
    EXPECT_TRUE(file.map().value().bytes().empty());
    EXPECT_TRUE(file.map_writable().value().bytes().empty());
}

TEST(MemFile, HugePages) {
    const MemFileOptions huge = {.huge_pages = HugePages{}};
    Result<MemFile> made = MemFile::create("test", huge);
    if (!made) GTEST_SKIP() << "no huge pages on this kernel: " << made.error().text();
    MemFile& file = made.value();
    EXPECT_EQ(file.resize(5).error().errno_value, EINVAL) << "no multiple of a page";
    const Result<void> written = file.write("content");
    if (!written) {
        EXPECT_EQ(written.error().text(),
                  "memory file: mmap \"test\": Cannot allocate memory (out of memory, or of huge "
                  "pages: see /proc/sys/vm/nr_hugepages)");
        EXPECT_EQ(file.reserve(file.size().value()).error().errno_value, ENOSPC);
        GTEST_SKIP() << "no huge pages are free";
    }
    const Fd comm(open("/proc/self/comm", O_RDONLY | O_CLOEXEC));
    const uint64_t added = file.write_from(comm.get()).value();
    EXPECT_EQ(file.size().value() % 65536, 0U);
    const SealedFile sealed = std::move(made).value().seal().value();
    const Mapping mapping = sealed.map().value();
    EXPECT_EQ(mapping.bytes().size(), sealed.size().value());
    EXPECT_EQ(text_of(mapping).substr(0, 7), "content");
    EXPECT_EQ(text_of(mapping)[7 + added - 1], '\n');
}

// ---- seals

TEST(Seals, HaveNames) {
    const struct {
        Seals seals;
        const char* names;
    } table[] = {
        {Seals::none, ""},
        {Seals::immutable, "SEAL GROW WRITE SHRINK"},
        {Seals::future_write, "FUTURE_WRITE"},
        {Seals::immutable | Seals::future_write | Seals::exec,
         "SEAL GROW WRITE FUTURE_WRITE SHRINK EXEC"},
    };
    for (const auto& row : table)
        EXPECT_EQ(names_of(row.seals), row.names);
}

enum Operation { overwrite, append, truncate, punch, map_shared, map_private, seal_more, chmod_x };
constexpr const char* operation_names[] = {"overwrite",  "append",      "truncate",  "punch",
                                           "map_shared", "map_private", "seal_more", "chmod_x"};

bool map_works(int fd, int flags) {
    void* mapping = mmap(nullptr, 1, PROT_READ | PROT_WRITE, flags, fd, 0);
    if (mapping != MAP_FAILED) munmap(mapping, 1);
    return mapping != MAP_FAILED;
}

bool works(Operation operation, int fd) {
    switch (operation) {
        case overwrite:
            return pwrite(fd, "x", 1, 0) == 1;
        case append:
            return pwrite(fd, "x", 1, 5) == 1;
        case truncate:
            return ftruncate(fd, 4) == 0;
        case punch:
            return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1) == 0;
        case map_shared:
            return map_works(fd, MAP_SHARED);
        case map_private:
            return map_works(fd, MAP_PRIVATE);
        case seal_more:
            return fcntl(fd, F_ADD_SEALS, F_SEAL_GROW) == 0;
        case chmod_x:
            return fchmod(fd, 0666) == 0;
    }
    return false;
}

// fcntl(2), and what the kernel does beyond it: an executable file that is sealed against chmod is
// sealed against every change with it.
TEST(Seals, EachRefusesWhatItSaysAndNothingElse) {
    const struct {
        Seals seals;
        std::vector<Operation> refused;
    } table[] = {
        {Seals::none, {}},
        {Seals::seal, {seal_more}},
        {Seals::shrink, {truncate}},
        {Seals::grow, {append}},
        {Seals::write, {overwrite, append, punch, map_shared}},
        {Seals::future_write, {overwrite, append, punch, map_shared}},
        {Seals::exec, {overwrite, append, truncate, punch, map_shared, chmod_x}},
        {Seals::immutable, {overwrite, append, truncate, punch, map_shared, seal_more}},
    };
    const bool has_exec = has_execution_flags();
    for (const auto& row : table) {
        if (row.seals == Seals::exec && !has_exec) continue;
        for (const Operation operation :
             {overwrite, append, truncate, punch, map_shared, map_private, seal_more, chmod_x}) {
            const SealedFile file =
                with("12345", {.execution = Execution::allowed}).seal(row.seals).value();
            const bool refused =
                std::find(row.refused.begin(), row.refused.end(), operation) != row.refused.end();
            EXPECT_EQ(works(operation, file.fd()), !refused)
                << names_of(row.seals) << ": " << operation_names[operation];
        }
    }
}

TEST(Seals, TheSealAgainstExecutionBringsTheOthersOnlyWhereItCouldBeExecuted) {
    if (!has_execution_flags()) GTEST_SKIP() << "the kernel is older than 6.3";
    EXPECT_EQ(
        names_of(with("x", {.execution = Execution::allowed}).seal(Seals::exec).value().seals()),
        "GROW WRITE FUTURE_WRITE SHRINK EXEC");
    EXPECT_EQ(names_of(with("x").seal(Seals::exec).value().seals()), "EXEC");
}

TEST(Seals, AMappingThatWritesStandsAgainstOneAndGoesOnUnderAnother) {
    MemFile file = with("fixed");
    WritableMapping mapping = file.map_writable().value();
    EXPECT_EQ(file.add_seals(Seals::write).error().text(),
              "memory file: F_ADD_SEALS \"test\": Device or resource busy (a shared mapping that "
              "can write to it is still there)");
    ASSERT_TRUE(file.add_seals(Seals::future_write).ok());
    mapping.bytes()[0] = std::byte{'F'};
    EXPECT_EQ(content_of(file.fd()), "Fixed");
    EXPECT_EQ(file.write("x").error().text(),
              "memory file: write \"test\": Operation not permitted (the file is sealed against "
              "it)");
    EXPECT_EQ(file.map_writable().error().errno_value, EPERM);
    const Mapping reader = file.map().value();
    EXPECT_EQ(mprotect(const_cast<std::byte*>(reader.bytes().data()), 1, PROT_READ | PROT_WRITE),
              -1);
    EXPECT_EQ(errno, EACCES);
}

TEST(Seals, CannotBeAddedToWhatIsSealedOrNeverSealable) {
    MemFile sealed = with("x");
    ASSERT_TRUE(sealed.add_seals(Seals::seal).ok());
    EXPECT_EQ(sealed.add_seals(Seals::grow).error().text(),
              "memory file: F_ADD_SEALS \"test\": Operation not permitted (sealed against more "
              "seals, or not open for writing)");
    MemFile never = with("x", {.execution = Execution::allowed, .sealable = false});
    EXPECT_EQ(never.seals().value(), Seals::seal);
    EXPECT_EQ(std::move(never).seal().error().errno_value, EPERM);
    const auto unknown = static_cast<Seals>(0x40000000);
    EXPECT_EQ(with("x").add_seals(unknown).error().hint, "this kernel lacks one of the seals");
}

TEST(Seals, AReceiverThatMustNotSealGetsItReadOnly) {
    const MemFile file = with("content");
    const Fd reader = file.read_only().value();
    EXPECT_EQ(content_of(reader.get()), "content");
    EXPECT_EQ(write(reader.get(), "x", 1), -1);
    EXPECT_EQ(fcntl(reader.get(), F_ADD_SEALS, F_SEAL_WRITE), -1);
    EXPECT_EQ(errno, EPERM);
    EXPECT_EQ(fcntl(reader.get(), F_GETFD), FD_CLOEXEC);
    const SealedFile sealed = with("some").seal(Seals::shrink).value();
    EXPECT_EQ(fcntl(sealed.read_only().value().get(), F_ADD_SEALS, F_SEAL_WRITE), -1);
}

TEST(SealedFile, ReopeningItWritableGainsNothing) {
    const SealedFile file = with("fixed").seal().value();
    const std::string path = "/proc/self/fd/" + std::to_string(file.fd());
    EXPECT_EQ(open(path.c_str(), O_RDWR | O_TRUNC | O_CLOEXEC), -1);
    EXPECT_EQ(errno, EPERM);
    const Fd writer(open(path.c_str(), O_RDWR | O_CLOEXEC));
    ASSERT_TRUE(writer);
    EXPECT_EQ(write(writer.get(), "x", 1), -1);
    EXPECT_EQ(errno, EPERM);
    EXPECT_EQ(text_of(file.map().value()), "fixed");
    EXPECT_EQ(file.size().value(), 5U);
}

// ---- adopting

TEST(SealedFile, AdoptChecksTheSeals) {
    const struct {
        Seals present;
        Seals wanted;
        const char* refusal;
    } table[] = {
        {Seals::immutable, Seals::immutable, nullptr},
        {Seals::immutable, Seals::write, nullptr},
        {Seals::immutable, Seals::none, nullptr},
        {Seals::none, Seals::none, nullptr},
        {Seals::write | Seals::grow | Seals::shrink, Seals::immutable, "not sealed against SEAL"},
        {Seals::none, Seals::write, "not sealed against WRITE"},
        {Seals::future_write, Seals::write | Seals::grow, "not sealed against GROW WRITE"},
    };
    for (const auto& row : table) {
        const SealedFile file = with("x").seal(row.present).value();
        Fd fd(dup(file.fd()));
        const int number = fd.get();
        const Result<SealedFile> adopted = SealedFile::adopt(std::move(fd), row.wanted);
        ASSERT_EQ(adopted.ok(), row.refusal == nullptr);
        EXPECT_EQ(fcntl(number, F_GETFD) >= 0, adopted.ok()) << "what is refused is closed";
        if (adopted) {
            EXPECT_TRUE(contains(adopted.value().seals(), row.present));
        } else {
            EXPECT_EQ(adopted.error().reason, row.refusal);
        }
    }
}

TEST(SealedFile, AdoptTakesWhatHasSealsAndNothingElse) {
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    const Fd other(ends[1]);
    EXPECT_EQ(SealedFile::adopt(Fd(ends[0])).error().text(),
              "memory file: F_GET_SEALS: Invalid argument (only memory files have seals)");
    EXPECT_EQ(SealedFile::adopt(Fd(open("/dev/null", O_RDONLY))).error().errno_value, EINVAL);
    EXPECT_EQ(SealedFile::adopt(Fd()).error().errno_value, EBADF);
    const MemFile file = with("x");
    const std::string path = "/proc/self/fd/" + std::to_string(file.fd());
    EXPECT_EQ(SealedFile::adopt(Fd(open(path.c_str(), O_PATH))).error().errno_value, EBADF);
    EXPECT_TRUE(SealedFile::adopt(file.read_only().value(), Seals::none).ok());
    Fd unnamed(open("/dev/shm", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (!unnamed) GTEST_SKIP() << "no O_TMPFILE in /dev/shm";
    EXPECT_EQ(SealedFile::adopt(std::move(unnamed), Seals::seal).value().seals(), Seals::seal);
}

TEST(SealedFile, ReleaseHandsTheDescriptorOver) {
    const Fd fd = with("x").seal().value().release();
    EXPECT_EQ(content_of(fd.get()), "x");
}

}  // namespace
}  // namespace caisson
