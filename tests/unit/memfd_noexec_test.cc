// SPDX-License-Identifier: Apache-2.0
//
// What vm.memfd_noexec (Linux 6.3, for each pid namespace) makes of the three answers to "may it be
// executed?". Set in pid namespaces of the test's own, so it takes root.
#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>

#include "caisson/mem_file.h"

namespace caisson {
namespace {

// What came of a MemFile::create(): the file's mode, or an errno value.
struct Made {
    mode_t mode = 0;
    int error = 0;
    bool sealed_against_exec = false;
};

Made make(Execution execution) {
    const Result<MemFile> file = MemFile::create("test", {.execution = execution});
    if (!file) return {0, file.error().errno_value, false};
    struct stat info {};
    fstat(file.value().fd(), &info);
    return {info.st_mode & 07777, 0, contains(file.value().seals().value(), Seals::exec)};
}

bool write_setting(char value) {
    const Fd file(open("/proc/sys/vm/memfd_noexec", O_WRONLY | O_CLOEXEC));
    return file && write(file.get(), &value, 1) == 1;
}

// Process 1 of a new pid namespace, whose setting it is that it writes: the one around stays.
[[noreturn]] void be_process_1(char setting, Execution execution, int results) {
    Made made;
    if (getpid() != 1 || !write_setting(setting)) _exit(1);
    made = make(execution);
    _exit(write(results, &made, sizeof made) == sizeof made ? 0 : 1);
}

// Nothing where it could not be tried.
std::optional<Made> make_where(char setting, Execution execution) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return {};
    const Fd reader(ends[0]);
    const pid_t child = fork();
    if (child == 0) {
        if (unshare(CLONE_NEWPID) < 0) _exit(1);
        const pid_t first = fork();
        if (first == 0) be_process_1(setting, execution, ends[1]);
        waitpid(first, nullptr, 0);
        _exit(0);
    }
    close(ends[1]);
    Made made;
    const bool told = read(reader.get(), &made, sizeof made) == sizeof made;
    waitpid(child, nullptr, 0);
    return told ? std::optional(made) : std::nullopt;
}

TEST(MemfdNoexec, DecidesWhatIsNotSaidAndMayForbidWhatIs) {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    if (access("/proc/sys/vm/memfd_noexec", W_OK) < 0) {
        GTEST_SKIP() << "no /proc/sys/vm/memfd_noexec to write: " << strerrordesc_np(errno);
    }
    const Made executable = {0777, 0, false};
    const Made plain = {0666, 0, true};
    const Made forbidden = {0, EACCES, false};
    const struct {
        char setting;
        Execution execution;
        Made made;
    } table[] = {
        {'0', Execution::as_system_says, executable},
        {'0', Execution::allowed, executable},
        {'0', Execution::refused, plain},
        {'1', Execution::as_system_says, plain},
        {'1', Execution::allowed, executable},
        {'1', Execution::refused, plain},
        {'2', Execution::as_system_says, plain},
        {'2', Execution::allowed, forbidden},
        {'2', Execution::refused, plain},
    };
    for (const auto& row : table) {
        SCOPED_TRACE(std::string("vm.memfd_noexec ") + row.setting + ", execution " +
                     std::to_string(static_cast<int>(row.execution)));
        const std::optional<Made> made = make_where(row.setting, row.execution);
        if (!made && row.setting == '0') continue;  // it can't be lowered below the one around
        ASSERT_TRUE(made);
        EXPECT_EQ(made->mode, row.made.mode);
        EXPECT_EQ(made->error, row.made.error);
        EXPECT_EQ(made->sealed_against_exec, row.made.sealed_against_exec);
    }
}

}  // namespace
}  // namespace caisson
