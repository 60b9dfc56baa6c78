// SPDX-License-Identifier: Apache-2.0
#include "caisson/error.h"

#include <errno.h>
#include <gtest/gtest.h>

#include <memory>

#include "base/try.h"

namespace caisson {
namespace {

// `phase: operation "subject": reason (hint)`, and what is empty leaves no trace.
TEST(Error, TextHasOneShape) {
    const struct {
        Error error;
        const char* text;
    } table[] = {
        {{"mounts", "open_tree", "/data", ENOENT, "", "a bind source must exist"},
         "mounts: open_tree \"/data\": No such file or directory (a bind source must exist)"},
        {{"mounts", "open_tree", "/data", ENOENT, "", ""},
         "mounts: open_tree \"/data\": No such file or directory"},
        {{"privileges", "prctl", "", EINVAL, "", ""}, "privileges: prctl: Invalid argument"},
        {{"options", "--uid", "x", 0, "is no id", ""}, "options: --uid \"x\": is no id"},
        {{"options", "", "--bnd", 0, "there is no such option", "did you mean --bind?"},
         "options: \"--bnd\": there is no such option (did you mean --bind?)"},
        {{"options", "", "", 0, "IMAGE is missing", ""}, "options: IMAGE is missing"},
        {{"", "open", "/x", EACCES, "", ""}, "open \"/x\": Permission denied"},
        {{"", "", "", 0, "", ""}, ""},
    };
    for (const auto& row : table)
        EXPECT_EQ(row.error.text(), row.text);
}

TEST(Error, TextIsOneLineWhateverTheSubjectIs) {
    const Error error{"mounts", "open_tree", "/a\nb\"c", ENOENT, "", ""};
    EXPECT_EQ(error.text(), "mounts: open_tree \"/a\\nb\\\"c\": No such file or directory");
}

TEST(Error, AnUnknownErrnoFallsBackToTheReason) {
    const Error error{"exec", "execve", "/x", 4095, "the kernel said 4095", ""};
    EXPECT_EQ(error.text(), "exec: execve \"/x\": the kernel said 4095");
}

TEST(Error, ResultHoldsAValueOrAnError) {
    Result<std::unique_ptr<int>> value = std::make_unique<int>(7);
    ASSERT_TRUE(value);
    EXPECT_EQ(*value.value(), 7);
    const std::unique_ptr<int> taken = std::move(value).value();
    EXPECT_EQ(*taken, 7);

    const Result<int> failed = Error{"a", "b", "c", 0, "d", {}};
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().text(), "a: b \"c\": d");

    const Result<void> fine;
    EXPECT_TRUE(fine.ok());
}

Result<int> half(int number) {
    if (number % 2) return Error{"half", {}, std::to_string(number), 0, "is odd", {}};
    return number / 2;
}

Result<std::string> quarter(int number) {
    return std::to_string(TRY(half(TRY(half(number)))));
}

TEST(Error, TryPassesTheFirstErrorOn) {
    EXPECT_EQ(quarter(12).value(), "3");
    EXPECT_EQ(quarter(6).error().subject, "3");
    EXPECT_EQ(quarter(5).error().subject, "5");
}

}  // namespace
}  // namespace caisson
