// SPDX-License-Identifier: Apache-2.0
#include "spec/environment.h"

#include <gtest/gtest.h>

#include "unit/fake_host.h"

namespace caisson {
namespace {

using Kind = EnvironmentChange::Kind;
using Strings = std::vector<std::string>;

Environment some() {
    static const char* const entries[] = {
        "HOME=/home/ann", "PATH=/bin:/usr/bin", "EMPTY=", "SLURM_ID=1", "SLURM_NODE=n1", "odd",
        nullptr};
    return Environment(entries);
}

TEST(Environment, FindComparesWholeNames) {
    const Environment environment = some();
    EXPECT_EQ(*environment.find("HOME"), "HOME=/home/ann");
    EXPECT_EQ(environment.get("PATH"), "/bin:/usr/bin");
    EXPECT_EQ(environment.get("EMPTY"), "");
    EXPECT_NE(environment.find("EMPTY"), nullptr);
    for (const char* name : {"HOM", "HOMEX", "home", "", "odd", "OME"}) {
        EXPECT_EQ(environment.find(name), nullptr) << name;
    }
}

TEST(Environment, SetReplacesInPlaceOrAppends) {
    Environment environment = some();
    environment.set("PATH", "/sbin");
    environment.set("NEW", "a=b");
    EXPECT_EQ(std::move(environment).take(),
              (Strings{"HOME=/home/ann", "PATH=/sbin", "EMPTY=", "SLURM_ID=1", "SLURM_NODE=n1",
                       "odd", "NEW=a=b"}));
}

TEST(Environment, SetMayTakeItsOwnOldValue) {
    Environment environment = some();
    environment.set("PATH", environment.get("PATH"));
    EXPECT_EQ(environment.get("PATH"), "/bin:/usr/bin");
}

TEST(Environment, UnsetTakesGlobsOfNamesNotOfValues) {
    const struct {
        const char* glob;
        Strings left;
    } table[] = {
        {"HOME", {"PATH", "EMPTY", "SLURM_ID", "SLURM_NODE", "odd"}},
        {"SLURM*", {"HOME", "PATH", "EMPTY", "odd"}},
        {"SLURM_[A-J]*", {"HOME", "PATH", "EMPTY", "SLURM_NODE", "odd"}},
        {"!(PATH|HOME)", {"HOME", "PATH"}},
        {"*", {}},
        {"/*", {"HOME", "PATH", "EMPTY", "SLURM_ID", "SLURM_NODE", "odd"}},
        {"", {"HOME", "PATH", "EMPTY", "SLURM_ID", "SLURM_NODE", "odd"}},
    };
    for (const auto& row : table) {
        Environment environment = some();
        environment.unset_matching(row.glob);
        Strings names;
        for (const std::string& entry : std::move(environment).take()) {
            names.push_back(entry.substr(0, entry.find('=')));
        }
        EXPECT_EQ(names, row.left) << row.glob;
    }
}

// The rule that Charliecloud has: only a whole item between colons is a variable.
TEST(Environment, ExpandReplacesWholeItemsOnly) {
    const struct {
        const char* value;
        const char* expanded;
    } table[] = {
        {"", ""},
        {"plain", "plain"},
        {"$HOME", "/home/ann"},
        {"/opt:$PATH", "/opt:/bin:/usr/bin"},
        {"$PATH:/opt", "/bin:/usr/bin:/opt"},
        {"/a:$UNSET:/b", "/a:/b"},
        {"/a:$EMPTY", "/a"},
        {"$UNSET", ""},
        {"$UNSET:$EMPTY", ""},
        {"$", "$"},
        {"a$HOME", "a$HOME"},
        {"$HOME/bin", ""},
        {"${HOME}", ""},
        {"::", "::"},
    };
    const Environment environment = some();
    for (const auto& row : table)
        EXPECT_EQ(environment.expand(row.value), row.expanded) << row.value;
}

TEST(Environment, AssignmentNeedsANameAndAnEqualsSign) {
    const EnvironmentChange change = parse_assignment("A=b=c", "--set-env").value();
    EXPECT_EQ(change.name, "A");
    EXPECT_EQ(change.value, "b=c");
    EXPECT_EQ(parse_assignment("A=", "--set-env").value().value, "");
    EXPECT_EQ(parse_assignment("A", "f:3").error().text(),
              "environment: parse \"f:3\": has no = (an assignment is NAME=VALUE)");
    EXPECT_EQ(parse_assignment("=b", "f:3").error().text(),
              "environment: parse \"f:3\": has an empty name (an assignment is NAME=VALUE)");
    EXPECT_EQ(parse_assignment("", "f:3").error().text(),
              "environment: parse \"f:3\": has no = (an assignment is NAME=VALUE)");
}

TEST(Environment, FilesAreLinesWithOnePairOfQuotesTaken) {
    const auto changes = parse_assignments("A=1\n\nB='two words'\nC='\nD=''\nE=\"x\"\n", '\n', "f");
    ASSERT_TRUE(changes.ok());
    const struct {
        const char* name;
        const char* value;
    } table[] = {{"A", "1"}, {"B", "two words"}, {"C", "'"}, {"D", ""}, {"E", "\"x\""}};
    ASSERT_EQ(changes.value().size(), std::size(table));
    for (size_t i = 0; i < std::size(table); i++) {
        EXPECT_EQ(changes.value()[i].name, table[i].name);
        EXPECT_EQ(changes.value()[i].value, table[i].value);
    }
}

TEST(Environment, FilesOfNulRecordsKeepNewlines) {
    const std::string_view content("A=1\n2\0B=3\0", 11);
    const auto changes = parse_assignments(content, '\0', "f");
    ASSERT_TRUE(changes.ok());
    ASSERT_EQ(changes.value().size(), 2U);
    EXPECT_EQ(changes.value()[0].value, "1\n2");
    EXPECT_EQ(changes.value()[1].name, "B");
}

TEST(Environment, ABadLineIsNamedByItsNumber) {
    EXPECT_EQ(parse_assignments("A=1\n\nnothing\n", '\n', "/etc/env").error().text(),
              "environment: parse \"/etc/env:3\": has no = (an assignment is NAME=VALUE)");
}

// What a door makes of a caller's environment: each row says what one variable comes to.
struct Row {
    Strings caller;
    Strings options;  // "NAME=VALUE", "unset GLOB", "clear"
    const char* name;
    const char* value;  // null: unset
};

EnvironmentChanges changes_of(const Strings& options) {
    EnvironmentChanges changes;
    for (const std::string& option : options) {
        if (option == "clear") {
            changes.push_back({Kind::clear, {}, {}});
        } else if (option.starts_with("unset ")) {
            changes.push_back({Kind::unset, option.substr(6), {}});
        } else {
            changes.push_back(parse_assignment(option, option).value());
        }
    }
    return changes;
}

Environment made(const Row& row, const EnvironmentRules& rules) {
    std::vector<const char*> entries;
    for (const std::string& entry : row.caller)
        entries.push_back(entry.c_str());
    entries.push_back(nullptr);
    return environment_for(entries.data(), rules, changes_of(row.options));
}

void expect_rows(const std::vector<Row>& rows, const EnvironmentRules& rules) {
    for (const Row& row : rows) {
        const Environment environment = made(row, rules);
        const std::string told = ::testing::PrintToString(row.caller) + " " +
                                 ::testing::PrintToString(row.options) + " " + row.name;
        EXPECT_EQ(environment.find(row.name) != nullptr, row.value != nullptr) << told;
        EXPECT_EQ(environment.get(row.name), row.value ? row.value : "") << told;
    }
}

EnvironmentRules rules_of_run() {
    EnvironmentRules rules;
    rules.default_path = "/usual";
    rules.home = "/root";
    rules.directory = "/work";
    rules.before = {{Kind::set, "container", "caisson"}};
    return rules;
}

EnvironmentRules rules_with_substring() {
    EnvironmentRules rules = rules_of_run();
    rules.path_test = EnvironmentRules::PathTest::substring;
    rules.default_path.clear();
    rules.after = {{Kind::set, "RUNNING", "$PATH"}};
    return rules;
}

TEST(EnvironmentRules, WhatADoorSetsComesBeforeTheOptions) {
    expect_rows(
        {
            {{"A=1"}, {}, "A", "1"},
            {{"A="}, {}, "A", ""},
            {{"TMPDIR=/x"}, {}, "TMPDIR", nullptr},
            {{"TMPDIR=/x"}, {"TMPDIR=/y"}, "TMPDIR", "/y"},
            {{"TMPDIR=/x"}, {"A=$TMPDIR"}, "A", ""},
            {{"HOME=/home/ann"}, {}, "HOME", "/root"},
            {{}, {}, "HOME", "/root"},
            {{"HOME=/home/ann"}, {"HOME=/opt"}, "HOME", "/opt"},
            {{"HOME=/home/ann"}, {"A=$HOME"}, "A", "/root"},
            {{"HOME=/home/ann"}, {"unset HOME"}, "HOME", nullptr},
            {{"PWD=/host"}, {}, "PWD", "/work"},
            {{}, {}, "container", "caisson"},
            {{"container=docker"}, {}, "container", "caisson"},
            {{}, {"container=podman"}, "container", "podman"},
            {{"PATH=/usr/bin"}, {"PATH=/opt"}, "PATH", "/opt"},
            {{"PATH=/usr/bin"}, {"PATH=$PATH:/opt"}, "PATH", "/usr/bin:/bin:/opt"},
        },
        rules_of_run());
}

TEST(EnvironmentRules, PathIsCompletedByItemsOrBySubstring) {
    const struct {
        const char* path;
        const char* by_item;
        const char* by_substring;
    } table[] = {
        {"/usr/bin", "/usr/bin:/bin", "/usr/bin:/bin"},
        {"/bin", "/bin", "/bin"},
        {"/bin:/usr/bin", "/bin:/usr/bin", "/bin:/usr/bin"},
        {"/usr/bin:/bin", "/usr/bin:/bin", "/usr/bin:/bin"},
        {"/a:/bin:/b", "/a:/bin:/b", "/a:/bin:/b"},
        {"/opt/bin", "/opt/bin:/bin", "/opt/bin:/bin"},
        {"/a:/opt/bin", "/a:/opt/bin:/bin", "/a:/opt/bin:/bin"},
        {"/bindir", "/bindir:/bin", "/bindir"},
        {"/a:/bindir", "/a:/bindir:/bin", "/a:/bindir"},
        {"/bin/x:/a", "/bin/x:/a:/bin", "/bin/x:/a"},
        {"/a:", "/a::/bin", "/a::/bin"},
        {"bin", "bin:/bin", "bin:/bin"},
    };
    for (const auto& row : table) {
        const Strings caller = {std::string("PATH=") + row.path};
        expect_rows({{caller, {}, "PATH", row.by_item}}, rules_of_run());
        expect_rows({{caller, {}, "PATH", row.by_substring}}, rules_with_substring());
    }
    expect_rows({{{}, {}, "PATH", "/usual"}, {{"PATH="}, {}, "PATH", "/usual"}}, rules_of_run());
    expect_rows({{{}, {}, "PATH", nullptr}, {{"PATH="}, {}, "PATH", "/bin"}},
                rules_with_substring());
}

TEST(EnvironmentRules, OptionsActInTheirOrderAndSeeEarlierOnes) {
    const Strings caller = {"PATH=/bin", "TERM=dumb", "A=a", "B=b", "E="};
    expect_rows(
        {
            {caller, {"A=1", "A=2"}, "A", "2"},
            {caller, {"A=$B", "B=$A"}, "B", "b"},
            {caller, {"B=$A", "A=$B"}, "A", "a"},
            {caller, {"A=$A:$A"}, "A", "a:a"},
            {caller, {"A=$A:x", "A=$A:y"}, "A", "a:x:y"},
            {caller, {"A='$B'"}, "A", "b"},
            {caller, {"A='"}, "A", "'"},
            {caller, {"A=''"}, "A", ""},
            {caller, {"A=''''"}, "A", "''"},
            {caller, {"A='x"}, "A", "'x"},
            {caller, {"A=x'"}, "A", "x'"},
            {caller, {"A=\"x\""}, "A", "\"x\""},
            {caller, {"A= x "}, "A", " x "},
            {caller, {"A=x\r"}, "A", "x\r"},
            {caller, {"A=\\$B"}, "A", "\\$B"},
            {caller, {"A=$E:x"}, "A", "x"},
            {caller, {"A=x:$N"}, "A", "x"},
            {caller, {"A=:$N:"}, "A", ":"},
            {caller, {"A=$N"}, "A", ""},
            {caller, {"A=$B/x"}, "A", ""},
            {caller, {"B==x", "A=$B="}, "A", ""},
            {caller, {"A=$:$B"}, "A", "$:b"},
            {caller, {"A=$$B"}, "A", ""},
            {caller, {"A=x=y=z"}, "A", "x=y=z"},
            {caller, {"$A=x"}, "$A", "x"},
            {caller, {"$A=x"}, "a", nullptr},
            {caller, {"A B=x"}, "A B", "x"},
            {caller, {"A=1", "unset A"}, "A", nullptr},
            {caller, {"unset A", "A=1"}, "A", "1"},
            {caller, {"unset ?"}, "B", nullptr},
            {caller, {"unset @(A|C)"}, "B", "b"},
            {caller, {"unset !(A)"}, "A", "a"},
            {caller, {"unset !(A)"}, "PATH", nullptr},
            {caller, {"unset *", "A=$B:x"}, "A", "x"},
            {caller, {"clear"}, "A", nullptr},
            {caller, {"clear"}, "TERM", "dumb"},
            {caller, {"A=1", "clear", "B=$A:2"}, "B", "2"},
            {caller, {"unset TERM", "clear"}, "TERM", "dumb"},
        },
        rules_of_run());
}

TEST(EnvironmentRules, WhatComesAfterIsOutOfTheOptionsReach) {
    expect_rows({{{"PATH=/bin"}, {"RUNNING=x"}, "RUNNING", "$PATH"},
                 {{"PATH=/bin"}, {"unset *"}, "RUNNING", "$PATH"}},
                rules_with_substring());
}

TEST(EnvironmentRules, WithoutExpansionValuesStayAsTheyAre) {
    EnvironmentRules rules = rules_of_run();
    rules.expansion = Expansion::off;
    expect_rows({{{"B=b"}, {"A=$B:$N"}, "A", "$B:$N"}, {{"B=b"}, {"A='$B'"}, "A", "$B"}}, rules);
}

// A machine whose one image has the text as its file.
class ImageWithFile : public FakeHost {
  public:
    explicit ImageWithFile(std::string content) : content_(std::move(content)) {}
    Result<std::string> read(const std::string& root, const std::string& path) const override {
        EXPECT_EQ(root + path, "/image/ch/environment");
        return content_;
    }

  private:
    std::string content_;
};

TEST(ImageEnvironment, ComesWhereItWasAskedFor) {
    const ImageWithFile host("B=1\nC='2'\n");
    const EnvironmentChanges asked = {
        {Kind::set, "A", "0"}, {Kind::image, "", ""}, {Kind::set, "B", "3"}};
    const auto changes = with_image_file(asked, host, "/image");
    ASSERT_TRUE(changes.ok());
    std::string all;
    for (const EnvironmentChange& change : changes.value())
        all += change.name + "=" + change.value + " ";
    EXPECT_EQ(all, "A=0 B=1 C=2 B=3 ");
}

TEST(ImageEnvironment, IsReadOnlyWhereItIsAskedFor) {
    const FakeHost host;  // reads nothing
    EXPECT_TRUE(with_image_file({{Kind::set, "A", "0"}}, host, "/image").ok());
    EXPECT_FALSE(with_image_file({{Kind::image, "", ""}}, host, "/image").ok());
}

TEST(ImageEnvironment, ABadLineIsNamed) {
    const ImageWithFile host(std::string("A=1\0nothing\0", 12));
    EXPECT_EQ(with_image_file({{Kind::image_zeroed, "", ""}}, host, "/image").error().text(),
              "environment: parse \"/ch/environment:2\": has no = (an assignment is NAME=VALUE)");
}

TEST(Environment, TwoMegabytesStayTheSame) {
    std::string file;
    for (int i = 0; i < 20000; i++) {
        file += "NAME_" + std::to_string(i) + "=" + std::string(90, 'x') + "\n";
    }
    const auto changes = parse_assignments(file, '\n', "f");
    ASSERT_TRUE(changes.ok());
    EXPECT_EQ(changes.value().size(), 20000U);
    EXPECT_EQ(changes.value().back().value, std::string(90, 'x'));
}

}  // namespace
}  // namespace caisson
