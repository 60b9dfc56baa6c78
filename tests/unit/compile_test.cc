// SPDX-License-Identifier: Apache-2.0
//
// What compile() decides. The whole text of whole plans is tests/golden's.
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>

#include <functional>

#include "base/text.h"
#include "caisson/image.h"
#include "caisson/plan.h"
#include "unit/fake_host.h"

namespace caisson {
namespace {

std::string names(const Plan& plan) {
    std::string out;
    for (const Phase& phase : plan.phases())
        out += (out.empty() ? "" : " ") + phase.name;
    return out;
}

// Position of a line in the plan's text; fails the test where it is not there.
size_t at(const Plan& plan, const std::string& line) {
    const std::string text = plan.text();
    const size_t found = text.find("    " + line);
    EXPECT_NE(found, std::string::npos) << line << "\n" << text;
    return found;
}

bool says(const Plan& plan, const std::string& words) {
    return plan.text().find(words) != std::string::npos;
}

Spec full() {
    Spec spec;
    spec.namespaces = {true, true, true, true, true, true, true, true};
    spec.root = Root{"/image", RootWrites::kept, {}};
    spec.hostname = "h";
    spec.new_session = true;
    spec.die_with_parent = true;
    spec.limits = {{RLIMIT_CORE, 0, 0}};
    spec.capabilities = CapabilitySet::none();
    spec.seccomp = SeccompProgram{std::vector<sock_filter>(1)};
    spec.id_maps = {{{0, 1000, 1}}, {{0, 1000, 1}}};
    spec.uid = 0;
    spec.mounts = {Proc{}};
    return spec;
}

TEST(Compile, TheStandardOrder) {
    EXPECT_EQ(names(compile(full(), FakeHost()).value()),
              "guard id-maps session stdio loopback hostname root mounts pivot cwd die-with-parent "
              "init limits identity fds capabilities privileges seccomp");
}

TEST(Compile, PhasesThatNobodyAskedForAreNotThere) {
    EXPECT_EQ(names(compile(Spec{}, FakeHost()).value()),
              "guard stdio cwd die-with-parent fds privileges");
}

// Each row was a defect of some launcher: the wrong one of two steps first.
TEST(Compile, WhatMustComeBeforeWhat) {
    Spec spec = full();
    spec.groups = {5};
    spec.gid = 0;
    const Plan plan = compile(spec, FakeHost()).value();
    const struct {
        const char* first;
        const char* second;
    } table[] = {
        {"map uids", "new session"},
        {"new proc at /proc", "new root becomes /"},
        {"new root becomes /", "working directory"},
        {"working directory", "process 1 stays"},
        {"SIGKILL when the parent ends\n", "process 1 stays"},
        {"become groups (5) gid 0 uid 0", "capabilities: keep none"},
        {"limit 4", "become groups"},
        {"capabilities: keep none", "no new privileges"},
        {"no new privileges", "seccomp filter"},
    };
    for (const auto& row : table)
        EXPECT_LT(at(plan, row.first), at(plan, row.second)) << row.first;
}

// PR_SET_PDEATHSIG(2const): a change of ids disarms it.
TEST(Compile, TheParentDeathSignalComesAfterTheIds) {
    Spec spec;
    spec.uid = spec.gid = 5;
    spec.groups.emplace();
    spec.die_with_parent = true;
    EXPECT_EQ(names(compile(spec, FakeHost::root()).value()),
              "guard stdio cwd identity die-with-parent fds privileges");
}

TEST(Compile, NamespacesAreTheOnesAskedFor) {
    const struct {
        bool Namespaces::*field;
        uint64_t flag;
    } table[] = {
        {&Namespaces::user, CLONE_NEWUSER}, {&Namespaces::mount, CLONE_NEWNS},
        {&Namespaces::pid, CLONE_NEWPID},   {&Namespaces::net, CLONE_NEWNET},
        {&Namespaces::ipc, CLONE_NEWIPC},   {&Namespaces::uts, CLONE_NEWUTS},
        {&Namespaces::time, 0x80},          {&Namespaces::cgroup, CLONE_NEWCGROUP},
    };
    for (const auto& row : table) {
        Spec spec;
        spec.namespaces.*row.field = true;
        EXPECT_EQ(compile(spec, FakeHost()).value().namespaces, row.flag);
    }
}

// Question 6 of the design: set any field, and the text changes or it is an error.
TEST(Compile, EveryFieldShowsInTheText) {
    const struct {
        const char* name;
        std::function<void(Spec&)> change;
    } table[] = {
        {"root",
         [](Spec& s) {
             s.root = Root{"/image", {}, {}};
         }},
        {"mounts", [](Spec& s) { s.mounts = {Tmpfs{"/t"}}; }},
        {"lock_mounts", [](Spec& s) { s.lock_mounts = true; }},
        {"uid", [](Spec& s) { s.uid = 7; }},
        {"gid", [](Spec& s) { s.gid = 7; }},
        {"groups",
         [](Spec& s) {
             s.groups = {7};
             s.namespaces.user = false;
         }},
        {"id_maps",
         [](Spec& s) {
             s.id_maps = {{{0, 7, 1}}, {{0, 7, 1}}};
         }},
        {"hostname", [](Spec& s) { s.hostname = "h"; }},
        {"domainname", [](Spec& s) { s.domainname = "d"; }},
        {"capabilities", [](Spec& s) { s.capabilities = CapabilitySet::all(); }},
        {"no_new_privileges", [](Spec& s) { s.no_new_privileges = false; }},
        {"seccomp", [](Spec& s) { s.seccomp = SeccompProgram{std::vector<sock_filter>(1)}; }},
        {"fake_root", [](Spec& s) { s.fake_root = true; }},
        {"init", [](Spec& s) { s.init = Init::none; }},
        {"new_session", [](Spec& s) { s.new_session = true; }},
        {"die_with_parent", [](Spec& s) { s.die_with_parent = true; }},
        {"limits",
         [](Spec& s) {
             s.limits = {{RLIMIT_CORE, 0, 0}};
         }},
        {"oom_score_adjust", [](Spec& s) { s.oom_score_adjust = 0; }},
        {"personality", [](Spec& s) { s.personality = 0; }},
        {"cpu_affinity", [](Spec& s) { CPU_SET(0, &s.cpu_affinity.emplace()); }},
        {"default_signals", [](Spec& s) { s.default_signals = {SIGPIPE}; }},
        {"close_descriptors", [](Spec& s) { s.close_descriptors = false; }},
        {"keep_descriptors", [](Spec& s) { s.keep_descriptors = {9}; }},
    };
    Spec base;
    base.namespaces = {true, true, true, true, true, true, true, true};
    const std::string before = compile(base, FakeHost()).value().text();
    for (const auto& row : table) {
        Spec spec = base;
        row.change(spec);
        const Result<Plan> plan = compile(spec, FakeHost());
        ASSERT_TRUE(plan.ok()) << row.name << ": " << plan.error().text();
        EXPECT_NE(plan.value().text(), before) << row.name;
    }
}

TEST(Compile, RealTimeSignalsHaveAName) {
    Spec spec;
    spec.default_signals = {SIGRTMIN + 1};
    const Result<Plan> plan = compile(spec, FakeHost());
    ASSERT_TRUE(plan.ok());
    EXPECT_TRUE(says(plan.value(), "default action for signal ")) << plan.value().text();
}

TEST(Compile, AnIllegalSpecHasNoPlan) {
    Spec spec;
    spec.hostname = "h";
    EXPECT_EQ(compile(spec, FakeHost()).error().text(), "spec: hostname: needs namespaces.uts");
}

TEST(Compile, TimeNamespacesNeedClone3) {
    Spec spec;
    spec.namespaces.time = true;
    FakeHost host;
    host.missing = {KernelFeature::clone3};
    EXPECT_EQ(compile(spec, host).error().text(),
              "spec: namespaces.time: needs clone3(2), which this kernel lacks");
}

TEST(Compile, OneIdIsMappedByTheChildAndRangesByTheParent) {
    Spec spec;
    spec.namespaces.user = true;
    EXPECT_TRUE(says(compile(spec, FakeHost()).value(), "uid_map \"1000 1000 1\""));
    spec.uid = 0;
    spec.gid = 5;
    const Plan single = compile(spec, FakeHost()).value();
    EXPECT_LT(at(single, "write /proc/self/setgroups \"deny\""),
              at(single, "write /proc/self/gid_map \"5 1000 1\""));
    EXPECT_TRUE(says(single, "uid_map \"0 1000 1\""));
    EXPECT_FALSE(says(single, "become"));

    spec.id_maps = {{{0, 1000, 1}, {1, 100000, 9}}, {{0, 1000, 1}}};
    const Plan ranges = compile(spec, FakeHost()).value();
    EXPECT_TRUE(says(ranges,
                     "id-maps (parent)\n    map uids 0:1000:1, 1:100000:9 and gids "
                     "0:1000:1 through newuidmap and newgidmap\n"));
    EXPECT_TRUE(says(ranges, "become gid 5 uid 0"));
    EXPECT_FALSE(says(compile(spec, FakeHost::root()).value(), "newuidmap"));
}

TEST(Compile, CapabilitiesAreKeptAcrossAChangeOfUser) {
    Spec spec;
    spec.uid = 5;
    spec.capabilities = CapabilitySet(1);
    const Plan plan = compile(spec, FakeHost::root()).value();
    EXPECT_TRUE(says(plan, "become uid 5, keeping capabilities"));
    EXPECT_TRUE(says(plan, "capabilities: keep chown, ambient\n"));
    spec.capabilities = CapabilitySet::none();
    EXPECT_TRUE(says(compile(spec, FakeHost::root()).value(), "become uid 5\n"));
}

TEST(Compile, TheBoundingSetGoesWhereSetIdProgramsMayWork) {
    Spec spec;
    spec.capabilities = CapabilitySet::none();
    EXPECT_FALSE(says(compile(spec, FakeHost()).value(), "from here on"));
    spec.no_new_privileges = false;
    EXPECT_TRUE(says(compile(spec, FakeHost()).value(), "none but none from here on"));
}

TEST(Compile, KeptDescriptorsAreSorted) {
    Spec spec;
    spec.keep_descriptors = {9, 4, 7};
    EXPECT_TRUE(says(compile(spec, FakeHost()).value(), "but 0 1 2 4 7 9\n"));
}

TEST(Compile, ACallerCannotEnterWithWhatAnOldKernelHas) {
    const struct {
        KernelFeature missing;
        const char* error;
    } table[] = {
        {KernelFeature::pidfd, "spec: subject: needs pidfd_open(2), which this kernel lacks"},
        {KernelFeature::mount_trees, "spec: subject: needs open_tree(2), which this kernel lacks"}};
    for (const auto& [missing, error] : table) {
        FakeHost host;
        host.missing = {missing};
        Spec spec;
        spec.subject = Subject::caller;
        spec.namespaces.user = spec.namespaces.mount = true;
        const Result<Plan> plan = compile(spec, host);
        EXPECT_EQ(plan ? "" : plan.error().text(), error);
    }
}

TEST(Compile, AttributesOfARootThatIsMoreThanTheDirectoryAreRefused) {
    FakeHost host;
    host.image.erase("/mnt/data");
    Spec spec;
    spec.namespaces.user = spec.namespaces.mount = true;
    spec.root = Root{"/image", RootWrites::refused, {}};
    spec.root->attributes.nosuid = true;
    spec.mounts = {Tmpfs{"/mnt/data", {}, {}, 0755}};
    const Result<Plan> plan = compile(spec, host);
    EXPECT_EQ(plan ? "" : plan.error().text(),
              "spec: root.attributes \"/image\": need a root that is the directory alone (make the "
              "mount points that it lacks)");
}

}  // namespace
}  // namespace caisson
