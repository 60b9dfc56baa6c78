// SPDX-License-Identifier: Apache-2.0
//
// Includes the table's own file, so that no row can be added without being tested here. The linker
// then leaves the archive's copy of it alone.
#include "plan/hints.cc"  // NOLINT(bugprone-suspicious-include)

#include <gtest/gtest.h>
#include <string.h>

#include <set>
#include <string>

namespace caisson::plan {
namespace {

std::string where(const Hint& hint) {
    return std::string(hint.phase) + "/" + std::string(hint.operation) + "/" +
           (hint.errno_value ? strerrorname_np(hint.errno_value) : "any");
}

// A failure that the row is for and, where it leaves something open, no other row is.
std::string_view answer(const Hint& hint) {
    return hint_for(hint.phase.empty() ? "some-phase" : hint.phase,
                    hint.operation.empty() ? "some_call" : hint.operation,
                    hint.errno_value ? hint.errno_value : ESTALE);
}

TEST(Hints, EveryRowIsReached) {
    for (const Hint& hint : hints)
        EXPECT_EQ(answer(hint), hint.text) << where(hint);
}

TEST(Hints, NoRowStandsTwice) {
    std::set<std::string> seen;
    for (const Hint& hint : hints)
        EXPECT_TRUE(seen.insert(where(hint)).second) << where(hint);
}

// They stand in brackets behind a reason, in the same sentence.
TEST(Hints, EveryHintIsPartOfASentence) {
    for (const Hint& hint : hints) {
        ASSERT_FALSE(hint.text.empty()) << where(hint);
        EXPECT_GT(hint.text.size(), 15U) << where(hint);
        EXPECT_LT(hint.text.size(), 140U) << where(hint);
        EXPECT_EQ(hint.text.find('\n'), std::string_view::npos) << where(hint);
        EXPECT_NE(hint.text.back(), '.') << where(hint);
        EXPECT_FALSE(isupper(hint.text.front())) << where(hint);
    }
}

// The ones that people meet most, by what they should be told.
TEST(Hints, TheUsualFailures) {
    const struct {
        const char* phase;
        const char* operation;
        int errno_value;
        const char* words;
    } table[] = {
        {"namespaces", "unshare", EPERM, "restricts user namespaces"},
        {"namespaces", "clone3", EPERM, "restricts user namespaces"},
        {"namespaces", "clone3", ENOSPC, "/proc/sys/user"},
        {"id-maps", "write", EPERM, "caisson doctor"},
        {"mounts", "open_tree", ENOENT, "a bind source must exist"},
        {"mounts", "mount", ENOENT, "a bind source must exist"},
        {"mounts", "openat2", EROFS, "read-only"},
        {"cwd", "chdir", ENOENT, "inside the image"},
        {"identity", "setresuid", EINVAL, "no mapping"},
        {"exec", "execve", ENOENT, "ELF interpreter"},
        {"exec", "execve", ENOEXEC, "another architecture"},
        {"exec", "execve", EACCES, "noexec"},
        {"exec", "execve", E2BIG, "larger than the kernel takes"},
        {"anything", "open", EMFILE, "ulimit -n"},
        {"exec", "execve", ENOMEM, "memory"},
        {"anything", "openat2", ENOSYS, "lacks the call"},
    };
    for (const auto& row : table) {
        const std::string hint(hint_for(row.phase, row.operation, row.errno_value));
        EXPECT_NE(hint.find(row.words), std::string::npos) << row.words << " in: " << hint;
    }
}

TEST(Hints, NothingIsSaidWhereNothingIsKnown) {
    EXPECT_EQ(hint_for("fds", "close_range", EINTR), "");
    EXPECT_EQ(hint_for("", "", 0), "");
}

}  // namespace
}  // namespace caisson::plan
