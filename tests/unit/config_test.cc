// SPDX-License-Identifier: Apache-2.0
#include "cli/config.h"

#include <gtest/gtest.h>

#include "cli/run_request.h"

namespace caisson::cli {
namespace {

const char* const caller[] = {"HOME=/home/ann", "A=caller", nullptr};

// "key=value@line" of each setting.
std::string told(std::string_view content) {
    const auto settings = parse_settings(content, "f");
    if (!settings) return settings.error().text();
    std::string all;
    for (const Setting& one : settings.value())
        all += one.key + "=" + one.value + "@" + std::to_string(one.line) + " ";
    return all;
}

TEST(Config, ValuesComeWithTheirLinesInTheirOrder) {
    EXPECT_EQ(told(""), "");
    EXPECT_EQ(told("# nothing\n"), "");
    EXPECT_EQ(told("set-env = [\"A=1\", \"B=2\"]\nbind = [\n  '/a',\n  '/b:/c:ro',\n]\n"),
              "set-env=A=1@1 set-env=B=2@1 bind=/a@3 bind=/b:/c:ro@4 ");
    EXPECT_EQ(told("[[hooks.host]]\nrun = ['/h', 'x']\n[[hooks.guest]]\nrun = ['/g']\n"
                   "[[hooks.host]]\nrun = ['/h2']\n"),
              "hooks.host=/h@1 hooks.guest=/g@3 hooks.host=/h2@5 ");
}

TEST(Config, AHookHasItsProgramVariablesAndTime) {
    const auto settings = parse_settings(
        "[[hooks.peer]]\nrun = ['/p', 'a b']\nset-env = ['A=1']\ntimeout = 5\n", "f");
    ASSERT_TRUE(settings.ok());
    const Hook& hook = settings.value()[0].hook;
    EXPECT_EQ(hook.arguments, (std::vector<std::string>{"/p", "a b"}));
    EXPECT_EQ(hook.environment, std::vector<std::string>{"A=1"});
    EXPECT_EQ(hook.timeout_s, 5U);
}

TEST(Config, WhatIsWrongIsNamedWithItsLine) {
    const struct {
        const char* content;
        const char* error;
    } table[] = {
        {"bnd = []", "config: f:1 \"bnd\": there is no such key (did you mean bind?)"},
        {"\nxyzzy = 1",
         "config: f:2 \"xyzzy\": there is no such key (there are: storage, bind, set-env, "
         "unset-env, "
         "hooks)"},
        {"bind = '/a'", "config: f:1 \"bind\": is no array"},
        {"bind = [1]", "config: f:1 \"bind\": is no string"},
        {"bind = ['']", "config: f:1 \"bind\": must not be empty"},
        {"bind = [\"a\\u0000\"]", "config: f:1 \"bind\": has a NUL byte"},
        {"hooks = 1", "config: f:1 \"hooks\": is no table (as [[hooks.host]])"},
        {"[hooks.host]\nrun = ['/a']", "config: f:1 \"hooks.host\": is no array"},
        {"[[hooks.hsot]]\nrun = ['/a']",
         "config: f:1 \"hooks.hsot\": there is no such key (did you mean host?)"},
        {"[[hooks.host]]\nrnu = ['/a']",
         "config: f:2 \"hooks.host.rnu\": there is no such key (did you mean run?)"},
        {"[[hooks.host]]\ntimeout = 1",
         "config: f:1 \"hooks.host\": needs run, a program and its arguments"},
        {"[[hooks.host]]\nrun = ['a']", "config: f:1 \"a\": must be absolute"},
        {"[[hooks.host]]\nrun = ['/a']\ntimeout = 0",
         "config: f:3 \"hooks.host.timeout\": is no number of seconds from 1 to 86400"},
        {"[[hooks.host]]\nrun = ['/a']\ntimeout = 1.5",
         "config: f:3 \"hooks.host.timeout\": is no number of seconds from 1 to 86400"},
    };
    for (const auto& row : table)
        EXPECT_EQ(told(row.content), row.error) << row.content;
}

TEST(Config, WhatIsNoTomlIsNamedWithItsLine) {
    for (const char* content :
         {"a = 1\nbind = [", "a = 1\n = 2", "a = 1\na = 2", "a = 1\n\"\x01"}) {
        EXPECT_TRUE(told(content).starts_with("config: f:2: ")) << content << told(content);
    }
}

RunRequest applied(std::string_view content, RunRequest request = {}) {
    const auto done = apply_settings(parse_settings(content, "f").value(), caller, request);
    EXPECT_TRUE(done.ok()) << done.error().text();
    return request;
}

TEST(Config, SettingsComeBelowTheCommandLine) {
    RunRequest line;
    line.environment = {{EnvironmentChange::Kind::set, "A", "line"}};
    line.spec.mounts = {Bind{"/line", "/line"}};
    const RunRequest both =
        applied("bind = ['/file']\nunset-env = ['B*']\nset-env = ['A=file']\n", line);
    ASSERT_EQ(both.spec.mounts.size(), 2U);
    EXPECT_EQ(std::get<Bind>(both.spec.mounts[0]).from, "/file");
    EXPECT_EQ(std::get<Bind>(both.spec.mounts[1]).from, "/line");
    ASSERT_EQ(both.environment.size(), 3U);
    EXPECT_EQ(both.environment[0].kind, EnvironmentChange::Kind::unset);
    EXPECT_EQ(both.environment[1].value, "file");
    EXPECT_EQ(both.environment[2].value, "line");
}

TEST(Config, StorageIsTheLastThatNamesOneAndBelowOptionAndVariable) {
    const char* content = "storage = '/file'\n";
    EXPECT_EQ(applied(content).storage, "/file");
    RunRequest line;
    line.storage = "/line";
    EXPECT_EQ(applied(content, line).storage, "/line");
    const char* const with_variable[] = {"CH_IMAGE_STORAGE=/variable", nullptr};
    RunRequest request;
    ASSERT_TRUE(apply_settings(parse_settings(content, "f").value(), with_variable, request).ok());
    EXPECT_EQ(request.storage, "");
}

TEST(Config, AHookHasTheCallersEnvironmentUnderItsOwn) {
    const RunRequest request =
        applied("[[hooks.guest]]\nrun = ['/g']\nset-env = ['A=own', 'B=own']\n");
    ASSERT_EQ(request.spec.hooks.guest.size(), 1U);
    EXPECT_EQ(request.spec.hooks.guest[0].environment,
              (std::vector<std::string>{"HOME=/home/ann", "A=own", "B=own"}));
}

TEST(Config, AValueThatNoOptionTakesIsNamedWithItsPlace) {
    const struct {
        const char* content;
        const char* error;
    } table[] = {
        {"\nbind = ['data']", "config: f:2 \"bind = data\": must be absolute"},
        {"set-env = ['file']", "config: f:1 \"set-env = file\": must be absolute"},
        {"set-env = ['=x']",
         "config: f:1 \"set-env = =x\": has an empty name (an assignment is NAME=VALUE)"},
        {"[[hooks.host]]\nrun = ['/h']\nset-env = ['A']",
         "config: f:1 \"hooks.host = /h\": has no = (an assignment is NAME=VALUE)"},
    };
    for (const auto& row : table) {
        RunRequest request;
        const auto done = apply_settings(parse_settings(row.content, "f").value(), caller, request);
        ASSERT_FALSE(done.ok()) << row.content;
        EXPECT_EQ(done.error().text(), row.error);
    }
}

std::vector<std::string> paths(std::vector<const char*> environment) {
    environment.push_back(nullptr);
    std::vector<std::string> found;
    for (const ConfigFile& file : config_files(environment.data()))
        found.push_back(file.path);
    return found;
}

TEST(Config, TheEnvironmentSaysWhichFiles) {
    using Paths = std::vector<std::string>;
    const std::string site = "/etc/caisson/config.toml";
    EXPECT_EQ(paths({}), Paths{site});
    EXPECT_EQ(paths({"HOME=/h"}), (Paths{site, "/h/.config/caisson/config.toml"}));
    EXPECT_EQ(paths({"HOME=/h", "XDG_CONFIG_HOME=/x"}), (Paths{site, "/x/caisson/config.toml"}));
    EXPECT_EQ(paths({"HOME=/h", "XDG_CONFIG_HOME=x"}),
              (Paths{site, "/h/.config/caisson/config.toml"}));
    EXPECT_EQ(paths({"HOME=h"}), Paths{site});
    EXPECT_EQ(paths({"HOME=/h", "CAISSON_CONFIG=/c"}), Paths{"/c"});
    EXPECT_EQ(paths({"HOME=/h", "CAISSON_CONFIG="}), Paths{});
}

TEST(Config, OnlyAFileThatIsNamedMustBeThere) {
    EXPECT_TRUE(read_settings({"/no/such/file", true, false}).ok());
    EXPECT_EQ(read_settings({"/no/such/file", false, true}).error().text(),
              "config: open \"/no/such/file\": No such file or directory");
}

}  // namespace
}  // namespace caisson::cli
