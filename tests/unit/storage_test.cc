// SPDX-License-Identifier: Apache-2.0
//
// Images by name.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "caisson/image.h"
#include "fake_host.h"
#include "temporary_directory.h"

namespace caisson {
namespace {

class Storage : public testing::Test {
  protected:
    void SetUp() override {
        storage_ = directory_.path() + "/storage";
        mkdir(storage_.c_str(), 0755);
        mkdir((storage_ + "/img").c_str(), 0755);
    }
    void add_directory(const std::string& file_name) {
        mkdir((storage_ + "/img/" + file_name).c_str(), 0755);
    }
    void add_file(const std::string& path, const std::string& content) {
        std::ofstream(path) << content;
    }

    TemporaryDirectory directory_;
    std::string storage_;
};

TEST_F(Storage, NamesHavePercentForSlashAndPlusForColon) {
    add_directory("example.com%a%b+12");
    const Result<Image> found = find_image("example.com/a/b:12", storage_);
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found.value().path, storage_ + "/img/example.com%a%b+12");
    EXPECT_EQ(found.value().form, ImageForm::directory);
    EXPECT_TRUE(found.value().by_name);
}

TEST_F(Storage, ANameWinsOverAPathAndAnAbsolutePathIsNoName) {
    add_directory("etc");
    ASSERT_EQ(chdir("/"), 0);
    EXPECT_TRUE(find_image("etc", storage_).value().by_name);
    EXPECT_FALSE(find_image("./etc", storage_).value().by_name);
    EXPECT_FALSE(find_image("/etc", storage_).value().by_name);
    EXPECT_EQ(find_image("usr", storage_).value().path, "usr");
}

TEST_F(Storage, WhatIsNeitherNameNorPathIsSaidByItsErrno) {
    const Result<Image> found = find_image("nonesuch:1", storage_);
    ASSERT_FALSE(found.ok());
    EXPECT_EQ(found.error().text(), "image: stat \"nonesuch:1\": No such file or directory");
}

TEST_F(Storage, AnImagesFormIsSeen) {
    add_file(storage_ + "/img/archive", "hsqs and more");
    add_file(storage_ + "/img/short", "hsq");
    add_file(storage_ + "/img/text", "#!/bin/sh");
    EXPECT_EQ(find_image("archive", storage_).value().form, ImageForm::squashfs);
    EXPECT_EQ(find_image("short", storage_).value().form, ImageForm::unknown);
    EXPECT_EQ(find_image("text", storage_).value().form, ImageForm::unknown);
    EXPECT_EQ(find_image("/dev/null", storage_).value().form, ImageForm::unknown);
}

TEST_F(Storage, WhatIsNoDirectoryIsRefusedWithAWayOut) {
    const std::string archive = storage_ + "/img/archive";
    add_file(archive, "hsqs");
    EXPECT_EQ(root_of({archive, ImageForm::squashfs, true}).error().text(),
              "image: mount \"" + archive +
                  "\": is a SquashFS archive, which can't be mounted yet (unpack it: unsquashfs -d "
                  "DIRECTORY " +
                  archive + ")");
    EXPECT_EQ(directory_image(archive).error().reason,
              "is a SquashFS archive, which can't be mounted yet");
    EXPECT_EQ(directory_image("/dev/null").error().reason, "is not a directory");
}

TEST_F(Storage, IsListedByName) {
    add_directory("debian+12");
    add_directory("a%b");
    add_directory(".hidden");
    const auto images = stored_images(storage_);
    ASSERT_TRUE(images.ok());
    ASSERT_EQ(images.value().size(), 2U);
    EXPECT_EQ(images.value()[0].name, "a/b");
    EXPECT_EQ(images.value()[1].name, "debian:12");
    EXPECT_EQ(images.value()[1].path, storage_ + "/img/debian+12");
    EXPECT_TRUE(stored_images("/nonexistent").value().empty());
    EXPECT_FALSE(stored_images("/dev/null").ok());
}

TEST_F(Storage, DirectoriesInsideAreKnownThroughLinks) {
    add_directory("x");
    const std::string link = directory_.path() + "/link";
    ASSERT_EQ(symlink((storage_ + "/img/x").c_str(), link.c_str()), 0);
    EXPECT_TRUE(is_inside_storage(link, storage_));
    EXPECT_FALSE(is_inside_storage("/etc", storage_));
    EXPECT_FALSE(is_inside_storage(link, "/nonexistent"));
}

TEST(DefaultStorage, IsTheEnvironmentsOrTheUsersOwn) {
    FakeHost host;
    const char* const said[] = {"USER=me", "CH_IMAGE_STORAGE=/images", nullptr};
    EXPECT_EQ(default_storage(said, host), "/images");
    const char* const user[] = {"USER=me", "CH_IMAGE_STORAGE=", nullptr};
    EXPECT_EQ(default_storage(user, host), "/var/tmp/me.ch");
    const char* const empty[] = {"USERS=x", nullptr};
    EXPECT_EQ(default_storage(empty, host), "/var/tmp/" + host.user(host.uid())->name + ".ch");
}

}  // namespace
}  // namespace caisson
