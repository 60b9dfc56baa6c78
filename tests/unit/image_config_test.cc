// SPDX-License-Identifier: Apache-2.0
#include "cli/image_config.h"

#include <errno.h>
#include <gtest/gtest.h>

#include "unit/fake_host.h"

namespace caisson::cli {
namespace {

using Strings = std::vector<std::string>;

class HostWithImage : public FakeHost {
  public:
    std::map<std::string, std::string> files = {
        {"/etc/passwd",
         "root:x:0:0:root:/root:/bin/sh\napp:x:77:78::/srv/app:/bin/sh\nodd:x:y:z\n"},
        {"/etc/group", "root:x:0:\nstaff:x:50:app\n"}};
    Result<std::string> read(const std::string&, const std::string& path) const override {
        const auto found = files.find(path);
        if (found != files.end()) return found->second;
        return Error{"image", "open", path, ENOENT, {}, {}};
    }
};

TEST(ImageConfig, IsReadFromAnImagesConfiguration) {
    const auto config = parse_image_config(
        R"({"architecture": "amd64", "config": {"Env": ["A=1", "B="], "Entrypoint": ["/e", "x"],
            "Cmd": ["c"], "WorkingDir": "/w", "User": "app", "Labels": {"a": "b"}}})",
        "f");
    ASSERT_TRUE(config.ok()) << config.error().text();
    EXPECT_EQ(config.value().environment, (Strings{"A=1", "B="}));
    EXPECT_EQ(config.value().entrypoint, (Strings{"/e", "x"}));
    EXPECT_EQ(config.value().command, Strings{"c"});
    EXPECT_EQ(config.value().directory, "/w");
    EXPECT_EQ(config.value().user, "app");
}

TEST(ImageConfig, IsReadFromABundlesConfiguration) {
    const auto config = parse_image_config(
        R"({"ociVersion": "1.0.2", "process": {"user": {"uid": 5, "gid": 6}, "args": ["sh", "-c"],
            "env": ["A=1"], "cwd": "/w"}})",
        "f");
    ASSERT_TRUE(config.ok()) << config.error().text();
    EXPECT_EQ(config.value().command, (Strings{"sh", "-c"}));
    EXPECT_EQ(config.value().user, "5:6");
}

TEST(ImageConfig, MayLackAnyOfIt) {
    for (const char* json : {R"({"config": {}})", R"({"config": {"Cmd": null, "Env": null}})"}) {
        const auto config = parse_image_config(json, "f");
        ASSERT_TRUE(config.ok()) << config.error().text();
        EXPECT_TRUE(config.value().command.empty() && config.value().user.empty());
    }
}

TEST(ImageConfig, WhatIsWrongIsNamed) {
    const struct {
        const char* json;
        const char* error;
    } table[] = {
        {"", "image: parse \"f\": is no JSON object"},
        {"{", "image: parse \"f\": is no JSON object"},
        {"[1]", "image: parse \"f\": is no JSON object"},
        {"{}", "image: parse \"f\": has neither config, as images have it, nor process"},
        {R"({"config": {"Env": "A=1"}})", "image: Env \"f\": is no array"},
        {R"({"config": {"Cmd": [1]}})", "image: Cmd \"f\": has something that is no string"},
        {R"({"config": {"User": 5}})", "image: User \"f\": is no string"},
        {R"({"config": {"Env": ["A"]}})", "image: A \"f\": is no variable"},
        {R"({"config": {"Env": ["=x"]}})", "image: =x \"f\": is no variable"},
    };
    for (const auto& row : table) {
        const auto config = parse_image_config(row.json, "f");
        ASSERT_FALSE(config.ok()) << row.json;
        EXPECT_EQ(config.error().text(), row.error);
    }
}

TEST(ImageConfig, UsersAreTheImagesOwn) {
    const struct {
        const char* user;
        uint32_t uid, gid;
        const char* home;
    } table[] = {
        {"app", 77, 78, "/srv/app"},
        {"77", 77, 78, "/srv/app"},
        {"4", 4, 0, ""},
        {"4:5", 4, 5, ""},
        {"app:staff", 77, 50, "/srv/app"},
        {"app:9", 77, 9, "/srv/app"},
        {"root", 0, 0, "/root"},
    };
    for (const auto& row : table) {
        const auto user = find_image_user(HostWithImage(), "/image", row.user);
        ASSERT_TRUE(user.ok()) << user.error().text();
        EXPECT_EQ(user.value().uid, row.uid) << row.user;
        EXPECT_EQ(user.value().gid, row.gid) << row.user;
        EXPECT_EQ(user.value().home, row.home) << row.user;
    }
}

TEST(ImageConfig, NobodyElseIsMeant) {
    const struct {
        const char* user;
        const char* error;
    } table[] = {
        {"ann", "image: user \"ann\": is not in the image's /etc/passwd"},
        {"odd", "image: user \"odd\": is not in the image's /etc/passwd"},
        {"app:wheel", "image: user \"wheel\": is not in the image's /etc/group"},
        {"4294967295", "image: user \"4294967295\": is not in the image's /etc/passwd"},
        {":5", "image: user: is not in the image's /etc/passwd"},
    };
    for (const auto& row : table) {
        EXPECT_EQ(find_image_user(HostWithImage(), "/image", row.user).error().text(), row.error);
    }
    HostWithImage bare;
    bare.files.clear();
    EXPECT_FALSE(find_image_user(bare, "/image", "app").ok());
    EXPECT_TRUE(find_image_user(bare, "/image", "5:6").ok());
}

RunRequest applied(decltype(apply_image_config)* apply, RunRequest request = {}) {
    HostWithImage host;
    host.files["/ch/config.pulled.json"] =
        R"({"config": {"Env": ["A=1"], "Entrypoint": ["/e"], "Cmd": ["c"], "WorkingDir": "w",
            "User": "app"}})";
    const auto done = apply(request, host, "/image");
    EXPECT_TRUE(done.ok()) << done.error().text();
    return request;
}

TEST(ImageConfig, MayGiveItsVariablesAlone) {
    const RunRequest variables = applied(apply_image_environment);
    EXPECT_EQ(variables.image_environment.size(), 1U);
    EXPECT_TRUE(variables.command.empty() && !variables.spec.uid);
}

TEST(ImageConfig, TheCommandLineComesBeforeIt) {
    const RunRequest all = applied(apply_image_config);
    EXPECT_EQ(all.command, (Strings{"/e", "c"}));
    EXPECT_EQ(all.directory, "/w");
    EXPECT_EQ(all.spec.uid, 77U);
    EXPECT_EQ(all.spec.gid, 78U);
    EXPECT_EQ(all.home_inside, "/srv/app");
    RunRequest request;
    request.command = {"mine"};
    request.directory = "/d";
    request.spec.uid = 9;
    const RunRequest mine = applied(apply_image_config, request);
    EXPECT_EQ(mine.command, (Strings{"/e", "mine"}));
    EXPECT_EQ(mine.directory, "/d");
    EXPECT_EQ(mine.spec.uid, 9U);
    EXPECT_FALSE(mine.spec.gid);
}

}  // namespace
}  // namespace caisson::cli
