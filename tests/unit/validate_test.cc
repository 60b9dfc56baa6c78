// SPDX-License-Identifier: Apache-2.0
#include "spec/validate.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <functional>

namespace caisson {
namespace {

// A Spec that has every namespace, so that a row below shows one mistake and no other.
Spec legal() {
    Spec spec;
    spec.namespaces = {true, true, true, true, true, true, true, true};
    spec.root = Root{"/image", RootWrites::refused, {}};
    return spec;
}

struct Row {
    const char* name;
    std::function<void(Spec&)> change;
    std::string error;  // "": legal
};

void check(const std::vector<Row>& table) {
    for (const Row& row : table) {
        SCOPED_TRACE(row.name);
        Spec spec = legal();
        row.change(spec);
        const Result<void> result = validate(spec);
        EXPECT_EQ(result ? std::string() : result.error().text(), row.error);
    }
}

Row mount(const char* name, Mount one, std::string error) {
    return {name, [one](Spec& spec) { spec.mounts.push_back(one); }, std::move(error)};
}

TEST(Validate, TheEmptySpecIsLegal) {
    EXPECT_TRUE(validate(Spec{}).ok());
    EXPECT_TRUE(validate(legal()).ok());
}

TEST(Validate, FieldsThatWouldHaveNoEffectAreErrors) {
    check({
        {"hostname", [](Spec& s) { s.hostname = "h", s.namespaces.uts = false; },
         "spec: hostname: needs namespaces.uts"},
        {"domainname", [](Spec& s) { s.domainname = "d", s.namespaces.uts = false; },
         "spec: domainname: needs namespaces.uts"},
        {"root", [](Spec& s) { s.namespaces.mount = false; }, "spec: root: needs namespaces.mount"},
        {"mounts",
         [](Spec& s) {
             s.namespaces.mount = false;
             s.root.reset();
             s.mounts = {Proc{}};
         },
         "spec: mounts: need namespaces.mount"},
        {"lock_mounts",
         [](Spec& s) {
             s.namespaces.mount = false;
             s.root.reset();
             s.lock_mounts = true;
         },
         "spec: lock_mounts: needs namespaces.mount"},
        {"discard_size", [](Spec& s) { s.root->discard_size = "1m"; },
         "spec: root.discard_size: needs RootWrites::discarded"},
        {"id_maps",
         [](Spec& s) {
             s.namespaces.user = false;
             s.id_maps = {{{0, 0, 1}}, {{0, 0, 1}}};
         },
         "spec: id_maps: need namespaces.user"},
        {"keep_descriptors",
         [](Spec& s) {
             s.close_descriptors = false;
             s.keep_descriptors = {5};
         },
         "spec: keep_descriptors: needs close_descriptors"},
    });
}

// Nothing of what a sandbox has already is left to choose.
TEST(Validate, JoiningLeavesLittleToSay) {
    const auto joins = [](Spec& s) {
        s = Spec();
        s.join.emplace().namespaces = {{CLONE_NEWNS, 9}};
    };
    const auto with = [joins](auto change) {
        return [joins, change](Spec& s) { joins(s), change(s); };
    };
    check({
        {"plain", joins, ""},
        {"nothing to enter", with([](Spec& s) { s.join->namespaces.clear(); }),
         "spec: join: has no namespace to enter"},
        {"pid", with([](Spec& s) {
             s.join->namespaces.push_back({CLONE_NEWPID, 9});
         }),
         "spec: join: a process can't move into a pid or time namespace"},
        {"namespaces", with([](Spec& s) { s.namespaces.net = true; }),
         "spec: namespaces: is that of the sandbox that is joined"},
        {"root", with([](Spec& s) { s.root.emplace().directory = "/i"; }),
         "spec: root: needs namespaces.mount"},
        {"uid", with([](Spec& s) { s.uid = 1; }),
         "spec: uid, gid and groups: is that of the sandbox that is joined"},
        {"groups", with([](Spec& s) { s.groups.emplace(); }),
         "spec: uid, gid and groups: is that of the sandbox that is joined"},
        {"offer", with([](Spec& s) { s.offer_namespaces = 5; }),
         "spec: offer_namespaces: needs namespaces of its own"},
    });
}

TEST(Validate, WhatIsOfferedCanBeEntered) {
    check({
        {"pid", [](Spec& s) { s.offer_namespaces = 5, s.namespaces.time = false; },
         "spec: offer_namespaces: nobody can move into a pid or time namespace (joining goes "
         "without --private pid and time)"},
        {"most",
         [](Spec& s) { s.offer_namespaces = 5, s.namespaces.time = s.namespaces.pid = false; }, ""},
        {"none", [](Spec& s) { s = Spec(), s.offer_namespaces = 5; },
         "spec: offer_namespaces: needs namespaces of its own"},
    });
}

TEST(Validate, NoInitNeedsAPidNamespace) {
    check({{"init",
            [](Spec& s) {
                s.init = Init::none;
                s.namespaces.pid = false;
            },
            "spec: init: needs namespaces.pid"}});
}

TEST(Validate, Destinations) {
    const char* const no_root = "spec: mount destination \"/\": can't be /";
    check({
        mount("usual", Tmpfs{"/a/b"}, ""),
        mount("through ..", Tmpfs{"/a/../../b"}, ""),  // looked up beneath the root: never outside
        mount("empty", Tmpfs{""}, "spec: mount destination: must not be empty"),
        mount("relative", Tmpfs{"a"}, "spec: mount destination \"a\": must be absolute"),
        mount("root", Tmpfs{"/"}, no_root),
        mount("root, said twice", Tmpfs{"//"}, "spec: mount destination \"//\": can't be /"),
        mount("root, said at length", Tmpfs{"/./."},
              "spec: mount destination \"/./.\": can't be /"),
        mount("NUL", Tmpfs{std::string("/a\0b", 4)},
              "spec: mount destination \"/a\\x00b\": has a NUL byte"),
        mount("newline", Tmpfs{"/a\nb"}, ""),
        mount("relative with newline", Tmpfs{"a\nb"},
              "spec: mount destination \"a\\nb\": must be absolute"),
    });
}

TEST(Validate, Sources) {
    const std::string nul("/a\0b", 4);
    check({
        mount("usual", Bind{"/a", "/b"}, ""),
        mount("newline", Bind{"/a\nb", "/b"}, ""),
        mount("empty", Bind{"", "/b"}, "spec: bind source: must not be empty"),
        mount("NUL", Bind{nul, "/b"}, "spec: bind source \"/a\\x00b\": has a NUL byte"),
        mount("no lower", Overlay{"/o", {}}, "spec: overlay: needs a lower directory"),
        mount("upper alone", Overlay{"/o", {"/l"}, "/u"},
              "spec: overlay: upper and work come together or not at all"),
        mount("work alone", Overlay{"/o", {"/l"}, "", "/w"},
              "spec: overlay: upper and work come together or not at all"),
        mount("both", Overlay{"/o", {"/l"}, "/u", "/w"}, ""),
        {"root", [&](Spec& s) { s.root->directory = nul; },
         "spec: root \"/a\\x00b\": has a NUL byte"},
        {"no root", [](Spec& s) { s.root->directory = ""; }, "spec: root: must not be empty"},
    });
}

// A NUL would cut the text short without a word: what the kernel is told is not what was checked.
TEST(Validate, NoTextForTheKernelHasANul) {
    const std::string nul("a\0b", 3);
    const std::vector<Row> table = {
        {"hostname", [&](Spec& s) { s.hostname = nul; }, ""},
        {"domainname", [&](Spec& s) { s.domainname = nul; }, ""},
        {"discard_size",
         [&](Spec& s) {
             s.root->writes = RootWrites::discarded;
             s.root->discard_size = std::string("1m\0", 3);
         },
         ""},
        mount("tmpfs size", Tmpfs{"/t", {}, std::string("1m\0x", 4)}, ""),
        mount("lower", Overlay{"/o", {"/" + nul}}, ""),
        mount("upper", Overlay{"/o", {"/l"}, "/" + nul, "/w"}, ""),
        mount("work", Overlay{"/o", {"/l"}, "/u", "/" + nul}, ""),
    };
    for (const Row& row : table) {
        Spec spec = legal();
        row.change(spec);
        const Result<void> result = validate(spec);
        EXPECT_FALSE(result.ok()) << row.name;
        if (result.ok()) continue;
        EXPECT_NE(result.error().text().find("NUL"), std::string::npos) << result.error().text();
    }
}

TEST(Validate, HostNamesFitTheKernels) {
    check({
        {"64 bytes", [](Spec& s) { s.hostname = std::string(64, 'h'); }, ""},
        {"65 bytes", [](Spec& s) { s.hostname = std::string(65, 'h'); },
         "spec: hostname: is longer than 64 bytes"},
        {"domain of 65", [](Spec& s) { s.domainname = std::string(65, 'd'); },
         "spec: domainname: is longer than 64 bytes"},
    });
}

TEST(Validate, Ids) {
    const std::string no_id = "4294967295 is no id (setresuid(2) takes it for “leave as it is”)";
    check({
        {"largest", [](Spec& s) { s.uid = s.gid = UINT32_MAX - 1; }, ""},
        {"uid -1", [](Spec& s) { s.uid = UINT32_MAX; }, "spec: uid: " + no_id},
        {"maps",
         [](Spec& s) {
             s.id_maps = {{{0, 5, 1}}, {{0, 5, 1}}};
         },
         ""},
        {"uids alone",
         [](Spec& s) {
             s.id_maps.uids = {{0, 5, 1}};
         },
         "spec: id_maps: need both uids and gids"},
        {"gids alone",
         [](Spec& s) {
             s.id_maps.gids = {{0, 5, 1}};
         },
         "spec: id_maps: need both uids and gids"},
        {"groups", [](Spec& s) { s.groups = {1}; },
         "spec: groups: can't be set with a single-id map (user_namespaces(7)) (map ranges)"},
        {"groups with ranges",
         [](Spec& s) {
             s.groups = {1};
             s.id_maps = {{{0, 5, 9}}, {{0, 5, 9}}};
         },
         ""},
        {"groups without user namespace",
         [](Spec& s) {
             s.groups = {1};
             s.namespaces.user = false;
         },
         ""},
    });
}

TEST(Validate, AGroupThatIsNoIdIsCalledOne) {
    check({{"gid -1", [](Spec& s) { s.gid = UINT32_MAX; },
            "spec: gid: 4294967295 is no id (setresuid(2) takes it for “leave as it is”)"}});
}

TEST(Validate, RangesHoldIdsAndEndBeforeTheLast) {
    const std::vector<Row> table = {
        {"empty",
         [](Spec& s) {
             s.id_maps = {{{0, 5, 0}}, {{0, 5, 1}}};
         },
         ""},
        {"past the end inside",
         [](Spec& s) {
             s.id_maps = {{{UINT32_MAX, 5, 2}}, {{0, 5, 1}}};
         },
         ""},
        {"past the end outside",
         [](Spec& s) {
             s.id_maps = {{{0, 5, 1}}, {{0, UINT32_MAX, 2}}};
         },
         ""},
    };
    for (const Row& row : table) {
        Spec spec = legal();
        row.change(spec);
        EXPECT_FALSE(validate(spec).ok()) << row.name;
    }
}

TEST(Validate, Process) {
    check({
        {"oom 1000", [](Spec& s) { s.oom_score_adjust = 1000; }, ""},
        {"oom 1001", [](Spec& s) { s.oom_score_adjust = 1001; },
         "spec: oom_score_adjust: must lie between -1000 and 1000"},
        {"oom -1001", [](Spec& s) { s.oom_score_adjust = -1001; },
         "spec: oom_score_adjust: must lie between -1000 and 1000"},
        {"limit",
         [](Spec& s) {
             s.limits = {{RLIMIT_CORE, 1, UINT64_MAX}};
         },
         ""},
        {"soft above hard",
         [](Spec& s) {
             s.limits = {{RLIMIT_CORE, 2, 1}};
         },
         "spec: limits: a soft limit is above its hard one"},
        {"keep 3", [](Spec& s) { s.keep_descriptors = {3}; }, ""},
        {"keep 2", [](Spec& s) { s.keep_descriptors = {2}; },
         "spec: keep_descriptors: 0, 1 and 2 are kept anyway"},
        {"keep -1", [](Spec& s) { s.keep_descriptors = {-1}; },
         "spec: keep_descriptors: 0, 1 and 2 are kept anyway"},
        {"files",
         [](Spec& s) {
             s.descriptor_files = {{5, "/a", {}}, {0, {}, "b"}, {6, {}, {}}};
         },
         ""},
        {"file -1",
         [](Spec& s) {
             s.descriptor_files = {{-1, "/a", {}}};
         },
         "spec: descriptor_files: need a descriptor's number"},
        {"file of two kinds",
         [](Spec& s) {
             s.descriptor_files = {{5, "/a", "b"}};
         },
         "spec: descriptor_files: have either content or a file to copy"},
        {"two files",
         [](Spec& s) {
             s.descriptor_files = {{5, "/a", {}}, {5, "/b", {}}};
         },
         "spec: descriptor_files: descriptor 5 is given twice"},
        {"a file and a kept one",
         [](Spec& s) {
             s.keep_descriptors = {5}, s.descriptor_files = {{5, "/a", {}}};
         },
         "spec: descriptor_files: descriptor 5 is given twice"},
        {"seccomp of 4096", [](Spec& s) { s.seccomp = {std::vector<sock_filter>(4096)}; }, ""},
        {"seccomp of 4097", [](Spec& s) { s.seccomp = {std::vector<sock_filter>(4097)}; },
         "spec: seccomp: has more than 4096 instructions"},
        {"seccomp of none", [](Spec& s) { s.seccomp.emplace(); },
         "spec: seccomp: has no instructions"},
        {"fake root", [](Spec& s) { s.fake_root = true; }, ""},
        {"fake root and set-id programs",
         [](Spec& s) { s.fake_root = true, s.no_new_privileges = false; },
         "spec: fake_root: needs no_new_privileges (set-id programs would believe that they have "
         "given up their ids)"},
    });
}

// The kernel takes 1 to 64, and neither SIGKILL nor SIGSTOP has an action to set (signal(7)).
TEST(Validate, DefaultSignalsAreSignals) {
    Spec spec;
    spec.default_signals = {SIGPIPE, SIGRTMIN};
    EXPECT_TRUE(validate(spec).ok());
    for (const int signal : {-1, 0, 65, SIGKILL, SIGSTOP}) {
        spec.default_signals = {signal};
        EXPECT_FALSE(validate(spec).ok()) << signal;
    }
}

TEST(Validate, MessageQueuesNeedTheirNamespace) {
    Spec spec = legal();
    spec.mounts = {Mqueue{}};
    EXPECT_TRUE(validate(spec).ok());
    spec.namespaces.ipc = false;
    EXPECT_EQ(validate(spec).error().text(), "spec: mqueue: needs namespaces.ipc");
}

TEST(Validate, EveryMountHasADestination) {
    const Mount mounts[] = {Bind{"/f", "/a"}, Tmpfs{"/a"},        Overlay{"/a", {"/l"}},
                            Proc{"/a"},       Mqueue{"/a"},       Devpts{"/a"},
                            MinimalDev{"/a"}, GeneratedFile{"/a"}};
    for (const Mount& one : mounts)
        EXPECT_EQ(destination_of(one), "/a");
}

// A root-only sandbox that has none of the rest.
void make_chroot(Spec& s) {
    s = {};
    s.root = Root{"/image", RootWrites::kept, {}, {}, RootChange::chroot};
    s.capabilities = CapabilitySet::none();
}

TEST(Validate, AChrootRestrictsNothingAndMustNotBeLeft) {
    check({
        {"legal", make_chroot, ""},
        {"mounts", [](Spec& s) { make_chroot(s), s.namespaces.mount = true; },
         "spec: root.change: chroot goes without namespaces.mount"},
        {"user", [](Spec& s) { make_chroot(s), s.namespaces.user = true; },
         "spec: root.change: chroot goes without namespaces.user"},
        {"read-only", [](Spec& s) { make_chroot(s), s.root->writes = RootWrites::refused; },
         "spec: root.writes: chroot can only keep them"},
        {"size", [](Spec& s) { make_chroot(s), s.root->discard_size = "1m"; },
         "spec: root.discard_size: needs RootWrites::discarded"},
        {"attributes", [](Spec& s) { make_chroot(s), s.root->attributes.nodev = true; },
         "spec: root.attributes: chroot can set none"},
        {"capabilities as they are", [](Spec& s) { make_chroot(s), s.capabilities.reset(); },
         "spec: capabilities: whoever keeps sys_chroot leaves a chroot again"},
        {"sys_chroot",
         [](Spec& s) { make_chroot(s), s.capabilities = CapabilitySet::container_default(); },
         "spec: capabilities: whoever keeps sys_chroot leaves a chroot again"},
        {"empty", [](Spec& s) { make_chroot(s), s.root->directory.clear(); },
         "spec: root: must not be empty"},
    });
}

TEST(Validate, ACallerThatEntersNeedsAnInit) {
    check({
        {"legal", [](Spec& s) { s.subject = Subject::caller; }, ""},
        {"init", [](Spec& s) { s.subject = Subject::caller, s.init = Init::none; },
         "spec: init: process 1 gets no signal that it does not handle: a caller needs one"},
        {"time", [](Spec& s) { s.subject = Subject::caller, s.namespaces.pid = false; },
         "spec: namespaces.time: needs namespaces.pid for a caller"},
    });
}

TEST(Validate, ReadOnlyIsSaidByRootWrites) {
    check({{"read_only", [](Spec& s) { s.root->attributes.read_only = true; },
            "spec: root.attributes.read_only: is said by root.writes"}});
}

}  // namespace
}  // namespace caisson
