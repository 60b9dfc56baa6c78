// SPDX-License-Identifier: Apache-2.0
#include "spec/environment.h"

#include <gtest/gtest.h>

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

TEST(Environment, ChangesAreAppliedInTheirOrder) {
    Environment environment = some();
    apply(environment,
          {{Kind::set, "A", "$HOME:x"}, {Kind::unset, "HOME", ""}, {Kind::set, "B", "$HOME:y"}},
          Expansion::on);
    EXPECT_EQ(environment.get("A"), "/home/ann:x");
    EXPECT_EQ(environment.get("B"), "y");
    apply(environment, {{Kind::clear, "", ""}, {Kind::set, "C", "$B"}}, Expansion::off);
    EXPECT_EQ(std::move(environment).take(), Strings{"C=$B"});
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
