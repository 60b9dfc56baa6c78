// SPDX-License-Identifier: Apache-2.0
//
// Look-ups beneath a root: openat2(2) and the walk for kernels without it give the same answers,
// and neither ever leads outside.
#include "sys/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "caisson/fd.h"
#include "sys/call.h"
#include "unit/temporary_directory.h"

namespace caisson::sys {
namespace {

// One tree for all rows. Every file holds its own path; "outside" is what nobody may reach.
class Tree {
  public:
    Tree() {
        outside_.file("secret", "outside");
        for (const char* name : {"a/b/c", "etc", "empty"})
            base_.directory(std::string("root/") + name);
        for (const char* name : {"a/f", "a/b/f", "a/b/c/f", "etc/passwd", "f"}) {
            base_.file(std::string("root/") + name, std::string("/") + name);
        }
        base_.file("passwd", "outside");
        base_.file("f", "outside");
        base_.file("root/with blank\nand newline", "/odd");
        base_.file("root/" + std::string(255, 'n'), "/long");
        add_links();
        root_ = Fd(::open((base_.path() + "/root").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    }

    int root() const { return root_.get(); }

    // The content of what is found, the word "directory", or the error's name.
    std::string answer(const std::string& path, Lookup lookup) const {
        const Fd fd(open_beneath(root(), path.c_str(), O_PATH, lookup));
        if (!fd) return strerrorname_np(-fd.get());
        struct stat info {};
        if (fstat(fd.get(), &info) < 0) return "fstat";
        if (S_ISDIR(info.st_mode)) return "directory";
        char text[100] = {};
        const std::string again = "/proc/self/fd/" + std::to_string(fd.get());
        const Fd readable(::open(again.c_str(), O_RDONLY | O_CLOEXEC));
        (void)!read(readable.get(), text, sizeof text - 1);
        return text;
    }

  private:
    void add_links() {
        const struct {
            const char* name;
            std::string target;
        } links[] = {
            {"to-f", "f"},
            {"to-dir", "a/b"},
            {"absolute", "/etc/passwd"},
            {"absolute-dir", "/a"},
            {"up", ".."},
            {"up-and-down", "../../../../etc/passwd"},
            {"a/b/up-two", "../../f"},
            {"a/b/up-too-far", "../../../../../f"},
            {"host-secret", outside_.path() + "/secret"},
            {"root-link", "/"},
            {"self", "self"},
            {"loop-1", "loop-2"},
            {"loop-2", "loop-1"},
            {"nowhere", "not/there"},
            {"slash-end", "a/b/"},
            {"file-slash", "f/"},
            {"dots", "./a/./b/../b/f"},
            {"through-file", "f/../f"},
            {"magic", "/proc/self/root/etc/passwd"},
        };
        for (const auto& link : links)
            base_.link(std::string("root/") + link.name, link.target);
        // A chain that is as long as the kernel follows (40, MAXSYMLINKS), and one more.
        base_.link("root/chain-1", "f");
        for (int i = 2; i <= 41; i++) {
            base_.link("root/chain-" + std::to_string(i), "chain-" + std::to_string(i - 1));
        }
    }

    TemporaryDirectory outside_;
    TemporaryDirectory base_;
    Fd root_;
};

struct Row {
    std::string path;
    const char* answer;
};

std::vector<Row> rows() {
    const std::string long_name(255, 'n');
    std::string deep;
    for (int i = 0; i < 3000; i++)
        deep += "a/../";
    return {
        {"/", "directory"},
        {"", "ENOENT"},
        {".", "directory"},
        {"..", "directory"},
        {"/..", "directory"},
        {"/../../../..", "directory"},
        {"f", "/f"},
        {"/f", "/f"},
        {"//f", "/f"},
        {"/./f", "/f"},
        {"/../f", "/f"},
        {"/../../a/../f", "/f"},
        {"/a/b/c", "directory"},
        {"/a/b/c/", "directory"},
        {"/a/b/c/../f", "/a/b/f"},
        {"/a/b/c/../../../../f", "/f"},
        {"/to-f", "/f"},
        {"/to-dir", "directory"},
        {"/to-dir/f", "/a/b/f"},
        {"/to-dir/../f", "/a/f"},
        {"/absolute", "/etc/passwd"},
        {"/absolute-dir/b/f", "/a/b/f"},
        {"/absolute-dir/../f", "/f"},
        {"/up", "directory"},
        {"/up/f", "/f"},
        {"/up/up/up/f", "/f"},
        {"/up-and-down", "/etc/passwd"},
        {"/a/b/up-two", "/f"},
        {"/a/b/up-too-far", "/f"},
        {"/host-secret", "ENOENT"},
        {"/root-link", "directory"},
        {"/root-link/root-link/f", "/f"},
        {"/a/../root-link/a/f", "/a/f"},
        {"/self", "ELOOP"},
        {"/self/f", "ELOOP"},
        {"/loop-1", "ELOOP"},
        {"/chain-40", "/f"},
        {"/chain-41", "ELOOP"},
        {"/nowhere", "ENOENT"},
        {"/missing", "ENOENT"},
        {"/missing/f", "ENOENT"},
        {"/missing/../f", "ENOENT"},
        {"/slash-end", "directory"},
        {"/slash-end/f", "/a/b/f"},
        {"/f/", "ENOTDIR"},
        {"/f/.", "ENOTDIR"},
        {"/f/..", "ENOTDIR"},
        {"/f/../f", "ENOTDIR"},
        {"/f/x", "ENOTDIR"},
        {"/file-slash", "ENOTDIR"},
        {"/through-file", "ENOTDIR"},
        {"/to-f/", "ENOTDIR"},
        {"/dots", "/a/b/f"},
        {"/magic", "ENOENT"},
        {"/with blank\nand newline", "/odd"},
        {"/" + long_name, "/long"},
        {"/" + long_name + "n", "ENAMETOOLONG"},
        {"/a/" + long_name + "n/x", "ENAMETOOLONG"},
        {std::string(4095, '/'), "directory"},
        {std::string(5000, '/'), "ENAMETOOLONG"},
        {deep + "f", "ENAMETOOLONG"},
    };
}

bool has_openat2() {
    return sys::openat2(-1, "", open_how{}) != -ENOSYS;
}

TEST(Beneath, OpenAt2) {
    if (!has_openat2()) GTEST_SKIP() << "this kernel, or a filter on it, has no openat2(2)";
    const Tree tree;
    for (const Row& row : rows()) {
        EXPECT_EQ(tree.answer(row.path, Lookup::openat2), row.answer) << row.path.substr(0, 60);
    }
}

TEST(Beneath, ComponentWalk) {
    const Tree tree;
    for (const Row& row : rows()) {
        EXPECT_EQ(tree.answer(row.path, Lookup::component_walk), row.answer)
            << row.path.substr(0, 60);
    }
}

// Magic links lead to whatever the process has open, past every look-up. openat2(2) refuses them;
// the walk reads them as text, which keeps them inside.
TEST(Beneath, MagicLinksOfProcLeadNowhereElse) {
    const Fd proc(::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
    struct stat inside {};
    ASSERT_EQ(fstat(proc.get(), &inside), 0);
    for (const char* path : {"/self/root/etc", "/self/cwd", "/self/exe", "/self/root"}) {
        if (has_openat2()) {
            EXPECT_EQ(open_beneath(proc.get(), path, O_PATH, Lookup::openat2), -ELOOP) << path;
        }
        const Fd fd(open_beneath(proc.get(), path, O_PATH, Lookup::component_walk));
        struct stat found = inside;
        if (fd) fstat(fd.get(), &found);
        EXPECT_EQ(found.st_dev, inside.st_dev) << path;
    }
}

// Whatever a path is made of, the answer is the same and lies inside.
TEST(Beneath, RandomPathsGiveTheSameAnswers) {
    if (!has_openat2()) GTEST_SKIP() << "this kernel, or a filter on it, has no openat2(2)";
    const Tree tree;
    const char* parts[] = {
        "a",   "b",  "c",         "f",       "..",        ".",          "",
        "up",  "..", "root-link", "to-dir",  "loop-1",    "to-f",       "absolute-dir",
        "etc", "f",  "passwd",    "nowhere", "slash-end", "up-and-down"};
    unsigned state = 12345;  // the same paths each time
    for (int i = 0; i < 5000; i++) {
        std::string path;
        for (int n = 0; n < 6; n++) {
            state = state * 1103515245 + 12345;
            path += std::string("/") + parts[(state >> 16) % std::size(parts)];
        }
        const std::string expected = tree.answer(path, Lookup::openat2);
        EXPECT_NE(expected, "outside") << path;
        EXPECT_EQ(tree.answer(path, Lookup::component_walk), expected) << path;
        if (testing::Test::HasFailure()) break;
    }
}

TEST(Beneath, WhatIsOpenedIsCloseOnExec) {
    const Tree tree;
    for (const Lookup lookup : {Lookup::openat2, Lookup::component_walk}) {
        if (lookup == Lookup::openat2 && !has_openat2()) continue;
        const Fd fd(open_beneath(tree.root(), "/f", O_PATH, lookup));
        EXPECT_EQ(fcntl(fd.get(), F_GETFD), FD_CLOEXEC);
    }
}

}  // namespace
}  // namespace caisson::sys
