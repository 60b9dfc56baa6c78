// SPDX-License-Identifier: Apache-2.0
//
// Plans as texts, compared with the files beside this one. README.md says how to renew them.
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "caisson/enter.h"
#include "caisson/plan.h"
#include "cli/run_spec.h"
#include "unit/fake_host.h"
#include "unit/temporary_directory.h"

namespace caisson {
namespace {

using Strings = std::vector<std::string>;

void compare(const std::string& name, const std::string& text) {
    const std::string path = std::string(CAISSON_GOLDEN_DIRECTORY "/") + name + ".plan";
    if (getenv("CAISSON_GOLDEN_UPDATE")) {
        std::ofstream(path) << text;
        return;
    }
    std::ifstream file(path);
    ASSERT_TRUE(file) << path << " is missing: see tests/golden/README.md\n" << text;
    const std::string expected{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(text, expected) << "if this is meant: see tests/golden/README.md";
}

// --- command lines

FakeHost user() {
    return {};
}
FakeHost root() {
    return FakeHost::root();
}

// An image without /proc, /sys and /mnt/data, so that a mount point has to be made.
FakeHost bare_image() {
    FakeHost host;
    for (const char* path : {"/proc", "/sys", "/etc/hosts"})
        host.image.erase(path);
    host.own["/data"] = Node::directory;
    host.own["/data/file"] = Node::other;
    return host;
}

FakeHost home_of_ann() {
    FakeHost host;
    host.own["/home/ann"] = Node::directory;
    return host;
}

// Somebody else's image: an ordinary user makes nothing in it, not even through an overlay.
FakeHost foreign_image() {
    FakeHost host = bare_image();
    host.image_is_own = false;
    return host;
}

FakeHost many_files() {
    FakeHost host;
    for (const char* file : {"/lib/a", "/lib/a.1", "/lib/b", "/opt/c"})
        host.own[file] = Node::other;
    host.links = {{"/lib/a", "a.1"}, {"/lib/away", "../opt/c"}};
    return host;
}

FakeHost nfs() {
    FakeHost host;
    host.layer_is_on = "NFS";
    return host;
}

FakeHost cray() {
    FakeHost host;
    host.own["/opt/cray"] = Node::directory;
    return host;
}

FakeHost mounts_below_the_image() {
    FakeHost host = bare_image();
    host.below = {"home", "home/ann", "srv/with blank"};
    return host;
}

FakeHost mounts_below_the_image_of_root() {
    FakeHost host = mounts_below_the_image();
    host.user_id = host.group_id = 0;
    return host;
}

struct CommandLine {
    const char* name;
    FakeHost (*host)();
    Strings words;  // "IMAGE" is an image
};

std::ostream& operator<<(std::ostream& out, const CommandLine& line) {
    return out << line.name;
}

const std::vector<CommandLine> command_lines = {
    {"user-defaults", user, {"IMAGE"}},
    {"root-defaults", root, {"IMAGE"}},
    {"user-command", user, {"IMAGE", "--", "ls", "-l"}},
    {"user-private-all", user, {"--private=all", "--hostname=inside", "IMAGE"}},
    {"root-private-all", root, {"--private=all", "IMAGE"}},
    {"user-private-pid-no-init", user, {"--private=pid", "--no-init", "IMAGE"}},
    {"user-file-fd", user, {"--file-fd", "5=/srv/data", "--file-fd=0=/srv/input", "IMAGE"}},
    {"user-write", user, {"-w", "IMAGE"}},
    {"user-write-fake", user, {"-W", "IMAGE"}},
    {"user-write-fake-of-a-size", user, {"-W10%", "--bind=/srv:/new/place", "IMAGE"}},
    {"root-write-fake", root, {"-W", "IMAGE"}},
    {"user-missing-points",
     bare_image,
     {"--bind=/data:/mnt/data", "--bind=/data/file:/mnt/f", "IMAGE"}},
    {"user-missing-points-try", bare_image, {"--bind=/data:/mnt/data:try", "IMAGE"}},
    {"user-mounts-below-the-image", mounts_below_the_image, {"IMAGE"}},
    {"user-mounts-below-the-image-write-fake", mounts_below_the_image, {"-W", "IMAGE"}},
    {"root-mounts-below-the-image-write-fake", mounts_below_the_image_of_root, {"-W", "IMAGE"}},
    {"root-mounts-below-the-image", mounts_below_the_image_of_root, {"-w", "IMAGE"}},
    {"user-minimal-dev", user, {"--dev=minimal", "--private=ipc", "IMAGE"}},
    {"user-binds",
     user,
     {"-b/srv", "-b/srv:/mnt:ro,nosuid,norec", "-b/home:/mnt/x", "--tmpfs=/t:size=1m,mode=700",
      "-b/home:/t/deep/er", "IMAGE"}},
    {"user-mounts",
     user,
     {"--mount=type=overlay,lowerdir=/home:/srv,upperdir=/var/u,workdir=/var/w,dst=/mnt",
      "--mount=type=devpts,dst=/dev/pts", "--mount=type=mqueue", "--private=ipc", "IMAGE"}},
    {"user-private-tmp-no-passwd", user, {"-t", "--no-passwd", "IMAGE"}},
    {"user-home", home_of_ann, {"--home", "-b/srv:/home/ann/srv", "IMAGE"}},
    {"user-home-write-fake-of-a-size", home_of_ann, {"--home", "-W4m", "-w", "IMAGE"}},
    {"user-home-overlay", home_of_ann, {"--home", "--overlay=/srv", "-W", "IMAGE"}},
    {"user-overlay", user, {"--overlay=/srv", "-b/home:/new/place", "IMAGE"}},
    {"root-overlay", root, {"--overlay=/srv", "IMAGE"}},
    {"user-overlay-on-nfs", nfs, {"--overlay=/srv", "IMAGE"}},
    {"user-overlay-missing", user, {"--overlay=/nonesuch", "IMAGE"}},
    {"user-foreign-image-missing-points", foreign_image, {"-b/data:/mnt/data", "IMAGE"}},
    {"user-foreign-image-write-fake",
     foreign_image,
     {"-W", "-b/data:/mnt/data", "-b/data/file:/new/f", "IMAGE"}},
    {"user-merge",
     many_files,
     {"-b/lib/a:/usr/a:ro,merge", "-b/lib/b:/usr/b:ro,merge", "-b/opt/c:/new/c:ro,merge",
      "-b/lib/b:/usr/c:ro,nosuid,merge", "-b/lib/b:/usr/b:ro,merge", "-b/lib/away:/usr/d:ro,merge",
      "-b/lib/none:/usr/e:ro,merge,try", "-b/srv:/mnt:ro,merge", "IMAGE"}},
    {"user-merge-write", many_files, {"-w", "-b/lib/a:/usr/a:ro,merge", "IMAGE"}},
    {"user-merge-needs-ro", many_files, {"-b/lib/a:/usr/a:merge", "IMAGE"}},
    {"user-on-a-cray", cray, {"IMAGE"}},
    {"user-as-root", user, {"-u0", "-g0", "IMAGE"}},
    {"root-as-user", root, {"-u1000", "-g1000", "--cap-add=net_bind_service", "IMAGE"}},
    {"root-capabilities",
     root,
     {"--cap-drop=all", "--cap-add=chown", "--allow-new-privs", "IMAGE"}},
    {"user-id-ranges", user, {"--id-map=subids", "IMAGE"}},
    {"user-id-ranges-of-its-own", user, {"--id-map=0:1000:1,1:100000:9", "-u5", "IMAGE"}},
    {"root-id-ranges", root, {"--id-map=0:100000:65536", "IMAGE"}},
    {"user-lock-mounts", user, {"--lock-mounts", "IMAGE"}},
    {"user-fake-root", user, {"--fake-root", "IMAGE"}},
    {"user-limits",
     user,
     {"--rlimit=nofile=64:128", "--rlimit=core=0", "--new-session", "--die-with-parent",
      "--close-fds=no", "-c/home", "IMAGE"}},
};

class GoldenCommandLine : public testing::TestWithParam<CommandLine> {};

std::string text_for(const CommandLine& line, const std::string& image) {
    Strings words = line.words;
    words.insert(words.begin(), "run");
    std::vector<char*> argv;
    for (std::string& word : words) {
        if (word == "IMAGE") word = image;
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    auto request = cli::parse_run(static_cast<int>(words.size()), argv.data());
    if (!request) return request.error().text() + "\n";
    const char* const environment[] = {"PATH=/usr/bin:/bin", "HOME=/home/ann", "USER=ann", nullptr};
    const FakeHost host = line.host();
    const auto wanted = cli::wanted_by(std::move(request).value(), host, environment);
    if (!wanted) return wanted.error().text() + "\n";
    const Result<Plan> plan = compile(wanted.value().spec, host);
    return plan ? plan.value().text(&wanted.value().program) : plan.error().text() + "\n";
}

// The image is a real directory (the command looks), under a name that stays the same in the text.
std::string plan_of(const CommandLine& line) {
    const TemporaryDirectory directory;
    const std::string image = directory.directory("image");
    std::string text = text_for(line, image);
    for (size_t at; (at = text.find(image)) != std::string::npos;) {
        text.replace(at, image.size(), "/image");
    }
    return text;
}

TEST_P(GoldenCommandLine, IsPlannedAsBefore) {
    compare(GetParam().name, plan_of(GetParam()));
}

// gtest's names are letters, digits and underlines.
template <typename Case>
std::string test_name(const testing::TestParamInfo<Case>& info) {
    std::string name = info.param.name;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Plans, GoldenCommandLine, testing::ValuesIn(command_lines),
                         test_name<CommandLine>);

// --- kernels that lack something

// Everything that depends on one: a root with generated files, a private pid namespace.
Spec of_every_kernel() {
    Spec spec;
    spec.namespaces = {true, true, true, true, false, true, false, false};
    spec.root = Root{"/image", RootWrites::refused, {}};
    add_guest_file_system(spec, {}, FakeHost());
    spec.keep_descriptors = {9};
    return spec;
}

class GoldenKernel : public testing::TestWithParam<NamedFeature> {};

TEST_P(GoldenKernel, WithoutOneFeature) {
    FakeHost host;
    host.missing = {GetParam().feature};
    const Result<Plan> plan = compile(of_every_kernel(), host);
    ASSERT_TRUE(plan.ok()) << plan.error().text();
    compare(std::string("kernel-without-") + GetParam().name, plan.value().text());
}

INSTANTIATE_TEST_SUITE_P(Plans, GoldenKernel, testing::ValuesIn(kernel_features),
                         test_name<NamedFeature>);

TEST(GoldenKernels, TheOldestOneAndACurrentOne) {
    FakeHost host;
    compare("kernel-current", compile(of_every_kernel(), host).value().text());
    for (const NamedFeature& one : kernel_features)
        host.missing.insert(one.feature);
    compare("kernel-oldest", compile(of_every_kernel(), host).value().text());
}

// A start pays for no question that its Spec does not need.
TEST(GoldenKernels, NothingIsAskedThatTheSpecDoesNotNeed) {
    FakeHost host;
    Spec spec;
    spec.close_descriptors = false;
    ASSERT_TRUE(compile(spec, host).ok());
    EXPECT_TRUE(host.features_asked.empty());
    EXPECT_TRUE(host.looks.empty());
    spec = of_every_kernel();
    spec.root->writes = RootWrites::kept;
    host.looks.clear();
    ASSERT_TRUE(compile(spec, host).ok());
    for (const std::string& look : host.looks) {
        EXPECT_TRUE(look.starts_with("/ ")) << look << ": a writable image is not looked at";
    }
}

// --- Specs that no command line makes

struct Wish {
    const char* name;
    Spec (*spec)();
};

std::ostream& operator<<(std::ostream& out, const Wish& wish) {
    return out << wish.name;
}

Spec build_daemon() {
    Spec spec;
    spec.namespaces = {true, true, true, true, true, true, false, false};
    spec.root = Root{"/store/root", RootWrites::kept, {}};
    spec.mounts = {Bind{"/store", "/store", {.read_only = true}},
                   Bind{"/bin/sh", "/bin/sh"},
                   MinimalDev{},
                   Proc{},
                   GeneratedFile{"/etc/passwd", "root\n"},
                   GeneratedFile{"/etc/group", "root\n"},
                   Tmpfs{"/tmp", {}, "1g", 01777}};
    spec.lock_mounts = true;
    spec.hostname = "localhost";
    spec.domainname = "(none)";
    spec.uid = 30001;
    spec.gid = 30000;
    spec.new_session = true;
    spec.oom_score_adjust = 1000;
    spec.personality = 0x0040000;
    CPU_ZERO(&spec.cpu_affinity.emplace());
    CPU_SET(0, &*spec.cpu_affinity);
    CPU_SET(3, &*spec.cpu_affinity);
    spec.default_signals = {SIGPIPE};
    spec.capabilities = CapabilitySet::none();
    spec.seccomp = SeccompProgram{std::vector<sock_filter>(4)};
    return spec;
}

Spec plain() {
    Spec spec;
    spec.uid = 1001;
    spec.gid = 1001;
    spec.groups.emplace();
    spec.limits = {{RLIMIT_AS, 1 << 20, UINT64_MAX}};
    return spec;
}

Spec entering(EnterMode mode, const FakeHost& host) {
    Spec spec = spec_for_entering("/srv/files", mode, host);
    spec.seccomp = SeccompProgram{std::vector<sock_filter>(4)};
    spec.keep_descriptors = {7};
    return spec;
}

// A file server that locks itself in.
Spec enter_as_root() {
    return entering(EnterMode::namespaces, root());
}
Spec enter_by_chroot() {
    return entering(EnterMode::chroot, root());
}
Spec enter_by_none() {
    return entering(EnterMode::none, root());
}

Spec with_hooks() {
    Spec spec;
    spec.namespaces = {true, true, true};
    spec.root = Root{"/image", RootWrites::kept, {}};
    spec.lock_mounts = true;
    spec.capabilities = CapabilitySet::none();
    spec.hooks = {.host = {{{"/usr/libexec/site/mount", "scratch"}, {"A=b"}, 5}, {{"/bin/true"}}},
                  .guest = {{{"/sbin/ldconfig"}}},
                  .peer = {{{"/bin/register"}}}};
    return spec;
}

// The first of the peers that share a sandbox.
Spec first_peer() {
    Spec spec;
    spec.namespaces = {true, true, false, true, true, true, true, false};
    spec.root = Root{"/image", RootWrites::refused, {}};
    spec.lock_mounts = true;
    spec.offer_namespaces = 7;
    return spec;
}

// Another one, that asks for more capabilities than the first one has left, and for new ones.
Spec other_peer() {
    Spec spec;
    ExistingSandbox& sandbox = spec.join.emplace();
    sandbox.namespaces = {{CLONE_NEWUSER, 7}, {CLONE_NEWNS, 8}};
    sandbox.uid = 5;
    sandbox.sets_ids = true;
    sandbox.set_uid = sandbox.set_gid = 5;
    sandbox.set_groups.emplace();
    sandbox.capabilities = CapabilitySet(0x3);
    sandbox.no_new_privileges = true;
    sandbox.seccomp = SeccompProgram{std::vector<sock_filter>(4)};
    spec.capabilities = CapabilitySet(0x6);
    spec.no_new_privileges = false;
    spec.seccomp = SeccompProgram{std::vector<sock_filter>(9)};
    return spec;
}

const std::vector<Wish> wishes = {{"spec-build-daemon", build_daemon},
                                  {"spec-hooks", with_hooks},
                                  {"spec-plain", plain},
                                  {"enter-root", enter_as_root},
                                  {"enter-root-chroot", enter_by_chroot},
                                  {"enter-root-none", enter_by_none},
                                  {"spec-first-peer", first_peer},
                                  {"spec-other-peer", other_peer}};

class GoldenSpec : public testing::TestWithParam<Wish> {};

TEST_P(GoldenSpec, IsPlannedAsBefore) {
    const Result<Plan> plan = compile(GetParam().spec(), FakeHost::root());
    ASSERT_TRUE(plan.ok()) << plan.error().text();
    compare(GetParam().name, plan.value().text());
}

INSTANTIATE_TEST_SUITE_P(Plans, GoldenSpec, testing::ValuesIn(wishes), test_name<Wish>);

TEST(GoldenEnter, AsAnOrdinaryUserIsPlannedAsBefore) {
    Spec spec = entering(EnterMode::namespaces, user());
    spec.id_maps = {{{0, 1000, 1}, {1, 100000, 65536}}, {{0, 1000, 1}, {1, 200000, 65536}}};
    spec.groups = {{4, 5}};
    spec.root->writes = RootWrites::refused;
    const Result<Plan> plan = compile(spec, user());
    ASSERT_TRUE(plan.ok()) << plan.error().text();
    compare("enter-user-ranges", plan.value().text());
}

// --- the files

TEST(GoldenFiles, EachBelongsToACase) {
    std::set<std::string> known = {"kernel-current", "kernel-oldest", "enter-user-ranges"};
    for (const CommandLine& line : command_lines)
        known.insert(line.name);
    for (const Wish& wish : wishes)
        known.insert(wish.name);
    for (const NamedFeature& one : kernel_features) {
        known.insert(std::string("kernel-without-") + one.name);
    }
    for (const auto& entry : std::filesystem::directory_iterator(CAISSON_GOLDEN_DIRECTORY)) {
        if (entry.path().extension() != ".plan") continue;
        EXPECT_TRUE(known.contains(entry.path().stem())) << entry.path();
    }
}

}  // namespace
}  // namespace caisson
