// SPDX-License-Identifier: Apache-2.0
#include "base/path.h"

#include <gtest/gtest.h>

namespace caisson::path {
namespace {

TEST(Path, TidyHasOneSlashBetweenAndNoneAtTheEnd) {
    const struct {
        const char* path;
        const char* tidy;
    } table[] = {
        {"/", "/"},
        {"//", "/"},
        {"/.", "/"},
        {"", "."},
        {".", "."},
        {"./", "."},
        {"a", "a"},
        {"./a", "a"},
        {"/a//b/./c/", "/a/b/c"},
        {"a/./b", "a/b"},
        {"/a/../b", "/a/../b"},
        {"..", ".."},
        {"/...", "/..."},
        {"/.a", "/.a"},
        {"/a\n/b", "/a\n/b"},
    };
    for (const auto& row : table) {
        EXPECT_EQ(tidy(row.path), row.tidy) << row.path;
        EXPECT_EQ(tidy(row.tidy), row.tidy) << "twice";
    }
}

TEST(Path, IsWithinComparesWholeComponents) {
    const struct {
        const char* path;
        const char* directory;
        bool within;
        const char* rest;
    } table[] = {
        {"/", "/", true, ""},       {"/a", "/", true, "/a"},        {"/a", "/a", true, ""},
        {"/a/b", "/a", true, "/b"}, {"/a/b/c", "/a/b", true, "/c"}, {"/ab", "/a", false, ""},
        {"/a", "/a/b", false, ""},  {"a", "/", false, ""},          {"/b/a", "/a", false, ""},
    };
    for (const auto& row : table) {
        EXPECT_EQ(is_within(row.path, row.directory), row.within)
            << row.path << " in " << row.directory;
        if (!row.within) continue;
        EXPECT_EQ(rest(row.path, row.directory), row.rest) << row.path;
    }
}

TEST(Path, ParentIsTheDirectoryOfATidyPath) {
    EXPECT_EQ(parent("/a/b"), "/a");
    EXPECT_EQ(parent("/a"), "/");
    EXPECT_EQ(parent("/"), "/");
    EXPECT_EQ(parent("a/b"), "a");
    EXPECT_EQ(parent("a"), ".");
}

TEST(Path, IsAbsoluteLooksAtTheFirstLetter) {
    EXPECT_TRUE(is_absolute("/"));
    EXPECT_TRUE(is_absolute("//a"));
    EXPECT_FALSE(is_absolute(""));
    EXPECT_FALSE(is_absolute("a/b"));
    EXPECT_FALSE(is_absolute("./a"));
}

}  // namespace
}  // namespace caisson::path
