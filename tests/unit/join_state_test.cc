// SPDX-License-Identifier: Apache-2.0
//
// What the first peer tells the others, as bytes and as changes of an environment.
#include "join/state.h"

#include <gtest/gtest.h>

namespace caisson {
namespace {

using Strings = std::vector<std::string>;

SandboxState full_state() {
    SandboxState state;
    ExistingSandbox& sandbox = state.sandbox;
    sandbox.uid = 5;
    sandbox.sets_ids = true;
    sandbox.set_uid = 5;
    sandbox.set_groups = {{7, 8, 9}};
    sandbox.capabilities = CapabilitySet(0x123);
    sandbox.no_new_privileges = true;
    sandbox.seccomp = SeccompProgram{{{6, 0, 0, 0x7fff0000}, {6, 1, 2, 3}}};
    state.environment = {"A=b", "UNSET", "EMPTY="};
    return state;
}

TEST(JoinState, ComesBackAsItWas) {
    const SandboxState state = full_state();
    const auto read = join::from_bytes(join::to_bytes(state));
    ASSERT_TRUE(read.ok()) << read.error().text();
    const ExistingSandbox& sandbox = read.value().sandbox;
    EXPECT_EQ(sandbox.uid, 5U);
    EXPECT_TRUE(sandbox.sets_ids);
    EXPECT_EQ(sandbox.set_uid, 5U);
    EXPECT_EQ(sandbox.set_gid, std::nullopt);
    EXPECT_EQ(sandbox.set_groups, state.sandbox.set_groups);
    EXPECT_EQ(sandbox.capabilities, state.sandbox.capabilities);
    EXPECT_TRUE(sandbox.no_new_privileges);
    ASSERT_TRUE(sandbox.seccomp);
    ASSERT_EQ(sandbox.seccomp->instructions.size(), 2U);
    EXPECT_EQ(sandbox.seccomp->instructions[1].k, 3U);
    EXPECT_EQ(read.value().environment, state.environment);
}

TEST(JoinState, WhatIsNotSetStaysSo) {
    const auto read = join::from_bytes(join::to_bytes({}));
    ASSERT_TRUE(read.ok());
    const ExistingSandbox& sandbox = read.value().sandbox;
    EXPECT_FALSE(sandbox.sets_ids || sandbox.set_uid || sandbox.set_groups || sandbox.seccomp);
    EXPECT_EQ(sandbox.capabilities, CapabilitySet::all());
    EXPECT_TRUE(read.value().environment.empty());
}

// Every shorter text is refused, or is one with fewer variables.
TEST(JoinState, ACutTextIsRefused) {
    const std::string bytes = join::to_bytes(full_state());
    size_t refused = 0;
    for (size_t size = 0; size < bytes.size(); size++) {
        const auto read = join::from_bytes(std::string_view(bytes).substr(0, size));
        if (read) {
            EXPECT_LT(read.value().environment.size(), 3U) << size;
        } else {
            EXPECT_EQ(read.error().text(), "join: read \"the first peer's state\": Bad message");
            refused++;
        }
    }
    EXPECT_EQ(refused, bytes.size() - 3);
    EXPECT_FALSE(join::from_bytes(std::string(40, '\xff')).ok());
}

TEST(JoinState, OnlyChangesOfTheEnvironmentAreTold) {
    const char* const before[] = {"SAME=1", "OTHER=1", "GONE=1", nullptr};
    const Strings changes = environment_changes(before, {"SAME=1", "OTHER=2", "NEW=x=y"});
    EXPECT_EQ(changes, (Strings{"OTHER=2", "NEW=x=y", "GONE"}));
    // A rank is every peer's own, and stays so.
    EXPECT_EQ(changed_environment({"RANK=3", "OTHER=1", "GONE=1"}, changes),
              (Strings{"RANK=3", "OTHER=2", "NEW=x=y"}));
    EXPECT_EQ(changed_environment({}, changes), (Strings{"OTHER=2", "NEW=x=y"}));
    EXPECT_EQ(changed_environment({"A=1"}, {}), (Strings{"A=1"}));
}

TEST(JoinState, RestrictionsAreThoseOfTheFirstOnesPlan) {
    Spec spec;
    spec.namespaces.user = spec.namespaces.mount = true;
    spec.uid = 0;
    spec.capabilities = CapabilitySet::container_default();
    ExistingSandbox sandbox = restrictions_of(spec, 0);
    EXPECT_FALSE(sandbox.sets_ids);  // the map alone has made it uid 0
    EXPECT_EQ(sandbox.capabilities, CapabilitySet::container_default());
    EXPECT_TRUE(sandbox.no_new_privileges);
    spec.id_maps = {{{0, 1000, 1}, {1, 100000, 9}}, {{0, 1000, 1}}};
    spec.uid = 4;
    spec.groups.emplace();
    sandbox = restrictions_of(spec, 4);
    EXPECT_TRUE(sandbox.sets_ids);
    EXPECT_EQ(sandbox.set_uid, 4U);
    EXPECT_TRUE(sandbox.set_groups && sandbox.set_groups->empty());
    EXPECT_EQ(sandbox.uid, 4U);
}

}  // namespace
}  // namespace caisson
