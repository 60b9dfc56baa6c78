// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <linux/capability.h>

#include "caisson/policy.h"

namespace caisson {
namespace {

TEST(Capabilities, EachIsNamedByItsNumberInTheKernel) {
    const struct {
        const char* name;
        int number;
    } table[] = {
        {"chown", CAP_CHOWN},         {"CHOWN", CAP_CHOWN},
        {"CAP_CHOWN", CAP_CHOWN},     {"cap_chown", CAP_CHOWN},
        {"setuid", CAP_SETUID},       {"net_bind_service", CAP_NET_BIND_SERVICE},
        {"sys_admin", CAP_SYS_ADMIN}, {"sys_ptrace", CAP_SYS_PTRACE},
        {"mknod", CAP_MKNOD},         {"setfcap", CAP_SETFCAP},
        {"mac_admin", CAP_MAC_ADMIN}, {"audit_read", CAP_AUDIT_READ},
        {"perfmon", CAP_PERFMON},     {"checkpoint_restore", CAP_CHECKPOINT_RESTORE},
    };
    for (const auto& row : table) {
        const auto set = CapabilitySet::named(row.name);
        ASSERT_TRUE(set) << row.name;
        EXPECT_EQ(set->bits(), uint64_t{1} << row.number) << row.name;
    }
}

TEST(Capabilities, EveryNameLeadsBackToItsBit) {
    for (int number = 0; number < CapabilitySet::count; number++) {
        const CapabilitySet one(uint64_t{1} << number);
        EXPECT_EQ(CapabilitySet::named(one.text()), one) << one.text();
    }
}

TEST(Capabilities, NothingElseHasAName) {
    for (const char* name : {"", "cap_", "CAP_CAP_CHOWN", "chow", "chown ", "none", "0"}) {
        EXPECT_FALSE(CapabilitySet::named(name)) << name;
    }
    EXPECT_EQ(CapabilitySet::named("all"), CapabilitySet::all());
    EXPECT_EQ(CapabilitySet::named("ALL"), CapabilitySet::all());
}

TEST(Capabilities, TextNamesTheEndsAndListsTheRest) {
    EXPECT_EQ(CapabilitySet::none().text(), "none");
    EXPECT_EQ(CapabilitySet::all().text(), "all");
    EXPECT_EQ(CapabilitySet(uint64_t{1} << CAP_KILL | 1).text(), "chown,kill");
}

TEST(Capabilities, SetsAreValues) {
    const CapabilitySet chown(1);
    const CapabilitySet kill(uint64_t{1} << CAP_KILL);
    EXPECT_EQ(chown.with(kill).without(chown), kill);
    EXPECT_EQ(CapabilitySet::all().without(CapabilitySet::all()), CapabilitySet::none());
    EXPECT_TRUE(chown.with(kill).has(CAP_KILL));
    EXPECT_FALSE(chown.has(CAP_KILL));
    EXPECT_EQ(CapabilitySet(), CapabilitySet::none());
}

// docker's and podman's list. What reaches beyond the sandbox's own namespaces is not in it.
TEST(Capabilities, TheContainerDefaultIsDockersFourteen) {
    const CapabilitySet set = CapabilitySet::container_default();
    EXPECT_EQ(set.text(),
              "chown,dac_override,fowner,fsetid,kill,setgid,setuid,setpcap,net_bind_service,"
              "net_raw,sys_chroot,mknod,audit_write,setfcap");
    EXPECT_EQ(__builtin_popcountll(set.bits()), 14);
}

}  // namespace
}  // namespace caisson
