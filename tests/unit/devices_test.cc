// SPDX-License-Identifier: Apache-2.0
//
// What CDI files say, which of them counts, and what becomes of it in a Spec.
#include "caisson/devices.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "unit/fake_host.h"
#include "unit/temporary_directory.h"

namespace caisson {
namespace {

using Strings = std::vector<std::string>;

// A file with one device, "one", and these edits for it.
std::string with_edits(const std::string& edits, const std::string& kind = "vendor.com/class") {
    return R"({"cdiVersion": "0.5.0", "kind": ")" + kind +
           R"(", "devices": [{"name": "one", "containerEdits": )" + edits + "}]}";
}

DeviceEdits edits_of(const std::string& edits) {
    const Result<DeviceSpec> spec = parse_device_spec(with_edits(edits), "/f.json");
    EXPECT_TRUE(spec.ok()) << spec.error().text();
    return spec ? spec.value().devices[0].edits : DeviceEdits();
}

std::string error_of(const std::string& json) {
    const Result<DeviceSpec> spec = parse_device_spec(json, "/f.json");
    return spec ? "legal" : spec.error().text();
}

Strings described(const std::vector<Bind>& binds) {
    Strings out;
    for (const Bind& bind : binds) {
        const MountAttributes& attributes = bind.attributes;
        out.push_back(bind.from + ":" + bind.to + (attributes.read_only ? " ro" : "") +
                      (attributes.nosuid ? " nosuid" : "") + (attributes.nodev ? " nodev" : "") +
                      (attributes.noexec ? " noexec" : ""));
    }
    return out;
}

TEST(DeviceSpec, EverythingThatIsCarriedOut) {
    const Result<DeviceSpec> spec = parse_device_spec(R"({
        "cdiVersion": "1.1.0", "kind": "vendor.com/gpu", "annotations": {"a": "b"},
        "containerEdits": {"env": ["DRIVER=550", "EMPTY="]},
        "devices": [
          {"name": "0", "annotations": {}, "containerEdits": {
            "deviceNodes": [
              {"path": "/dev/gpu0", "hostPath": "/dev/vendor/gpu0", "type": "c", "major": 195,
               "minor": 0, "fileMode": 438, "permissions": "rw", "uid": 0, "gid": 0},
              {"path": "/dev/ctl"}],
            "mounts": [
              {"hostPath": "/usr/lib/a.so", "containerPath": "/lib/a.so",
               "options": ["ro", "nosuid", "nodev", "bind"]},
              {"hostPath": "/run/socket", "containerPath": "/run/socket", "type": "bind",
               "options": ["rw", "rbind", "rprivate", "noexec"]}],
            "additionalGids": [44]}},
          {"name": "GPU-1:a", "containerEdits": {"env": ["ONE=$1"]}},
          {"name": "all"}]})",
                                                      "/f.json");
    ASSERT_TRUE(spec.ok()) << spec.error().text();
    EXPECT_EQ(spec.value().kind, "vendor.com/gpu");
    EXPECT_EQ(spec.value().edits.environment, (Strings{"DRIVER=550", "EMPTY="}));
    ASSERT_EQ(spec.value().devices.size(), 3U);
    const Device& first = spec.value().devices[0];
    EXPECT_EQ(first.name, "0");
    EXPECT_EQ(described(first.edits.nodes),
              (Strings{"/dev/vendor/gpu0:/dev/gpu0", "/dev/ctl:/dev/ctl"}));
    EXPECT_EQ(described(first.edits.mounts), (Strings{"/usr/lib/a.so:/lib/a.so ro nosuid nodev",
                                                      "/run/socket:/run/socket noexec"}));
    EXPECT_EQ(spec.value().devices[1].edits.environment, (Strings{"ONE=$1"}));
}

struct Row {
    std::string json;
    std::string complaint;
};

void check(const std::vector<Row>& table) {
    for (const Row& row : table) {
        const std::string found = error_of(row.json);
        EXPECT_TRUE(found.starts_with("devices: parse \"/f.json\": " + row.complaint))
            << row.json << "\n"
            << found;
    }
}

TEST(DeviceSpec, WhatIsNoSpec) {
    const std::string deep(200'000, '[');
    check({
        {"", "is no JSON"},
        {"{", "is no JSON"},
        {"cdiVersion: 0.5.0\nkind: vendor.com/gpu\n", "is no JSON (YAML is not read"},
        {deep, "is no JSON"},
        {deep + std::string(200'000, ']'), "the file is no object"},
        {"[]", "the file is no object"},
        {"null", "the file is no object"},
        {"\"text\"", "the file is no object"},
        {"{}", "cdiVersion is missing"},
        {R"({"cdiVersion": 1})", "cdiVersion is no text"},
        {R"({"cdiVersion": "1"})", "cdiVersion is no version"},
        {R"({"cdiVersion": "1.0.x"})", "cdiVersion is no version"},
        {R"({"cdiVersion": "2.0.0"})", "cdiVersion is of a specification that is not known here"},
        {R"({"cdiVersion": "1.0.0"})", "kind is missing"},
        {R"({"cdiVersion": "1.0.0", "kind": "gpu"})", "kind is no kind"},
        {R"({"cdiVersion": "1.0.0", "kind": "a/b/c"})", "kind is no kind"},
        {R"({"cdiVersion": "1.0.0", "kind": "-a/b"})", "kind is no kind"},
        {R"({"cdiVersion": "1.0.0", "kind": "a/b="})", "kind is no kind"},
        {R"({"cdiVersion": "1.0.0", "kind": "a/b\u0000"})", "kind has a NUL in it"},
        {R"({"cdiVersion": "1.0.0", "kind": "a/b"})", "devices is missing"},
        {R"({"cdiVersion": "1.0.0", "kind": "a/b", "devices": {}})", "devices is no list"},
        {R"({"cdiVersion": "1.0.0", "kind": "a/b", "devices": []})", "devices has none"},
        {R"({"cdiVersion": "1.0.0", "kind": "a/b", "devices": [1]})", "devices[0] is no object"},
        {R"({"cdiVersion": "1.0.0", "kind": "a/b", "devices": [{}]})",
         "devices[0].name is missing"},
        {R"({"cdiVersion": "1.0.0", "kind": "a/b", "devices": [{"name": "a b"}]})",
         "devices[0].name is no name of a device"},
        {R"({"cdiVersion": "1.0.0", "kind": "a/b", "devices": [{"name": "a"}, {"name": "a"}]})",
         "devices[1] has a name twice"},
        {R"({"cdiVersion": "1.0.0", "kind": "a/b", "devices": [{"name": "a"}], "\n": 1})",
         "\\n is not in the specification"},
    });
}

TEST(DeviceSpec, WhatIsNoEdit) {
    const std::string at = "devices[0].containerEdits";
    const std::string long_path = "/" + std::string(5000, 'a');
    check({
        {with_edits("[]"), at + " is no object"},
        {with_edits(R"({"envs": []})"), at + ".envs is not in the specification"},
        {with_edits(R"({"env": "A=1"})"), at + ".env is no list"},
        {with_edits(R"({"env": [1]})"), at + ".env[0] is no text"},
        {with_edits(R"({"env": ["A"]})"), at + ".env has no NAME=VALUE"},
        {with_edits(R"({"env": ["=A"]})"), at + ".env has no NAME=VALUE"},
        {with_edits(R"({"env": ["A=\u0000"]})"), at + ".env[0] has a NUL in it"},
        {with_edits(R"({"deviceNodes": [{}]})"), at + ".deviceNodes[0].path is missing"},
        {with_edits(R"({"deviceNodes": [{"path": "dev/x"}]})"),
         at + ".deviceNodes[0].path is no absolute path"},
        {with_edits(R"({"deviceNodes": [{"path": "/dev/../x"}]})"),
         at + ".deviceNodes[0].path has a .. in it"},
        {with_edits(R"({"deviceNodes": [{"path": "/x", "hostPath": "/.."}]})"),
         at + ".deviceNodes[0].hostPath has a .. in it"},
        {with_edits(R"({"deviceNodes": [{"path": "/x", "type": "bc"}]})"),
         at + ".deviceNodes[0].type is none of"},
        {with_edits(R"({"deviceNodes": [{"path": "/x", "permissions": "rx"}]})"),
         at + ".deviceNodes[0].permissions are none of"},
        {with_edits(R"({"deviceNodes": [{"path": "/x", "major": "1"}]})"),
         at + ".deviceNodes[0].major is no number"},
        {with_edits(R"({"mounts": [{"hostPath": "/a"}]})"),
         at + ".mounts[0].containerPath is missing"},
        {with_edits(R"({"mounts": [{"hostPath": "a", "containerPath": "/b"}]})"),
         at + ".mounts[0].hostPath is no absolute path"},
        {with_edits(R"({"mounts": [{"hostPath": "/a", "containerPath": "/b/.."}]})"),
         at + ".mounts[0].containerPath has a .. in it"},
        {with_edits(R"({"mounts": [{"hostPath": "/a", "containerPath": ")" + long_path + "\"}]}"),
         at + ".mounts[0].containerPath is longer than a path can be"},
        {with_edits(R"({"mounts": [{"hostPath": "/a", "containerPath": "/b", "type": "tmpfs"}]})"),
         at + ".mounts[0].type is no bind"},
        {with_edits(
             R"({"mounts": [{"hostPath": "/a", "containerPath": "/b", "options": ["nosymfollow"]}]})"),
         at + ".mounts[0].options have a word that is not known here"},
        {with_edits(R"({"hooks": [{"hookName": "createContainer"}]})"),
         at + ".hooks[0].path is missing"},
        {with_edits(R"({"hooks": [{"hookName": "sometimes", "path": "/x"}]})"),
         at + ".hooks[0].hookName is none of the stages"},
        {with_edits(R"({"hooks": [{"hookName": "poststop", "path": "/x", "timeout": "1"}]})"),
         at + ".hooks[0].timeout is no number"},
    });
}

std::string hook(const std::string& path, const std::string& arguments) {
    return R"({"hooks": [{"hookName": "createContainer", "path": ")" + path + R"(", "args": [)" +
           arguments + R"(], "env": ["NVIDIA_CTK_DEBUG=false"]}]})";
}

// The three names of one program, and both ways of giving a value.
TEST(DeviceHooks, LdconfigInEachOfItsSpellings) {
    const struct {
        const char* path;
        const char* arguments;
    } table[] = {
        {"/usr/bin/nvidia-ctk", R"("nvidia-ctk", "hook", "update-ldcache", "--folder", "/a/lib")"},
        {"/usr/bin/nvidia-ctk-hook", R"("nvidia-ctk-hook", "update-ldcache", "--folder=/a/lib")"},
        {"/usr/bin/nvidia-cdi-hook", R"("nvidia-cdi-hook", "update-ldcache", "-folder", "/a/lib")"},
        {"/opt/x/nvidia-cdi-hook",
         R"("nvidia-cdi-hook", "update-ldcache", "--ldconfig-path", "/sbin/ldconfig",
            "--folder", "/a/lib")"},
    };
    for (const auto& row : table) {
        const DeviceEdits edits = edits_of(hook(row.path, row.arguments));
        EXPECT_EQ(edits.libraries, Strings{"/a/lib"}) << row.arguments;
        EXPECT_TRUE(edits.warnings.empty()) << row.arguments;
    }
}

TEST(DeviceHooks, OthersThatAreKnown) {
    const auto edits = [](const std::string& arguments) {
        return edits_of(hook("/usr/bin/nvidia-cdi-hook", "\"nvidia-cdi-hook\", " + arguments));
    };
    const DeviceEdits links = edits(
        R"("create-symlinks", "--link", "libcuda.so.1::/lib/libcuda.so", "--link=../x::/a/b")");
    ASSERT_EQ(links.links.size(), 2U);
    EXPECT_EQ(links.links[0].target, "libcuda.so.1");
    EXPECT_EQ(links.links[0].to, "/lib/libcuda.so");
    EXPECT_EQ(links.links[1].target, "../x");
    EXPECT_EQ(edits(R"("create-soname-symlinks", "--folder", "/a")").soname_libraries,
              Strings{"/a"});
    for (const char* quiet : {R"("chmod", "--mode", "755", "--path", "/dev/dri")",
                              R"("disable-device-node-modification")"}) {
        const DeviceEdits nothing = edits(quiet);
        EXPECT_TRUE(nothing.warnings.empty() && nothing.libraries.empty() && nothing.links.empty());
    }
    EXPECT_EQ(edits(R"("enable-cuda-compat", "--host-driver-version=550")").warnings.size(), 1U);
}

// Nothing of a vendor's is run.
TEST(DeviceHooks, UnknownOnesAreWarnedOf) {
    const struct {
        const char* path;
        const char* arguments;
        const char* words;
    } table[] = {
        {"/usr/bin/other", R"("other", "update-ldcache")", "/usr/bin/other update-ldcache"},
        {"/usr/bin/nvidia-ctk", R"("nvidia-ctk", "update-ldcache")",
         "/usr/bin/nvidia-ctk update-ldcache"},
        {"/usr/bin/nvidia-cdi-hook", R"("nvidia-cdi-hook", "new\n")",
         "/usr/bin/nvidia-cdi-hook new\\n"},
        {"/usr/bin/nvidia-cdi-hook", "", "/usr/bin/nvidia-cdi-hook"},
    };
    for (const auto& row : table) {
        EXPECT_EQ(edits_of(hook(row.path, row.arguments)).warnings,
                  Strings{"hook \"" + std::string(row.words) +
                          "\" is not known here, and is not carried out"});
    }
}

TEST(DeviceHooks, WrongArgumentsAreErrors) {
    const std::string at = "devices[0].containerEdits.hooks[0].args ";
    const auto with = [](const std::string& arguments) {
        return with_edits(hook("/usr/bin/nvidia-cdi-hook", "\"nvidia-cdi-hook\", " + arguments));
    };
    check({
        {with(R"("update-ldcache", "--folder")"), at + "has a --folder that is no absolute path"},
        {with(R"("update-ldcache", "--folder", "lib")"),
         at + "has a --folder that is no absolute path"},
        {with(R"("update-ldcache", "--folder", "/a/../b")"),
         at + "has a --folder that is no absolute path"},
        {with(R"("create-symlinks", "--link", "a:/b")"), at + "has a --link without TARGET::LINK"},
        {with(R"("create-symlinks", "--link", "::/b")"), at + "has a --link without TARGET::LINK"},
        {with(R"("create-symlinks", "--link", "a::b")"),
         at + "has a --link whose place is no absolute path"},
        {with(R"("create-symlinks", "--link", "a::/../b")"),
         at + "has a --link whose place is no absolute path"},
    });
}

// --- which file

class Directories : public testing::Test {
  protected:
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(root_.path() + "/" + name) << text;
    }
    std::string spec(const std::string& kind, const Strings& names, const std::string& mark) const {
        std::string text = R"({"cdiVersion": "0.6.0", "kind": ")" + kind +
                           R"(", "containerEdits": {"env": ["FILE=)" + mark +
                           R"("]}, "devices": [)";
        for (const std::string& name : names) {
            text += (name == names[0] ? "" : ", ") + (R"({"name": ")" + name) +
                    R"(", "containerEdits": {"env": ["DEVICE=)" + mark + "." + name + R"("]}})";
        }
        return text + "]}";
    }
    // What each selector gives, as variables; or the error.
    std::string found(const Strings& selectors) const {
        const auto edits = find_devices(selectors, {etc_, missing_, run_});
        if (!edits) return edits.error().text();
        std::string out;
        for (const DeviceEdits& one : edits.value()) {
            out += "|";
            for (const std::string& variable : one.environment)
                out += " " + variable;
        }
        return out;
    }

    TemporaryDirectory root_;
    std::string etc_ = root_.directory("etc");
    std::string run_ = root_.directory("run");
    std::string missing_ = root_.path() + "/missing";
};

TEST_F(Directories, SelectorsChoose) {
    write("etc/a.json", spec("v.com/gpu", {"0", "1"}, "a"));
    write("etc/b.json", spec("v.com/net", {"all", "x"}, "b"));
    write("etc/c.txt", "no spec");
    const struct {
        Strings selectors;
        const char* variables;
    } table[] = {
        {{"v.com/gpu=0"}, "| FILE=a DEVICE=a.0"},
        {{"v.com/gpu=1", "v.com/gpu=0"}, "| FILE=a DEVICE=a.1| DEVICE=a.0"},
        {{"v.com/gpu=0", "v.com/gpu=0"}, "| FILE=a DEVICE=a.0|"},
        {{"v.com/gpu"}, "| FILE=a DEVICE=a.0 DEVICE=a.1"},
        {{"v.com/gpu=all"}, "| FILE=a DEVICE=a.0 DEVICE=a.1"},
        {{"v.com/net=all"}, "| FILE=b DEVICE=b.all"},
        {{"all"}, "| FILE=a DEVICE=a.0 DEVICE=a.1 FILE=b DEVICE=b.all DEVICE=b.x"},
        {{"v.com/net=x", "all"}, "| FILE=b DEVICE=b.x| FILE=a DEVICE=a.0 DEVICE=a.1 DEVICE=b.all"},
    };
    for (const auto& row : table)
        EXPECT_EQ(found(row.selectors), row.variables);
    EXPECT_EQ(found({etc_ + "/a.json"}), "| FILE=a DEVICE=a.0 DEVICE=a.1");
}

TEST_F(Directories, ALaterDirectoryWinsDeviceByDevice) {
    write("etc/a.json", spec("v.com/gpu", {"0", "1"}, "etc"));
    write("run/z.json", spec("v.com/gpu", {"1"}, "run"));
    EXPECT_EQ(found({"v.com/gpu=0"}), "| FILE=etc DEVICE=etc.0");
    EXPECT_EQ(found({"v.com/gpu=1"}), "| FILE=run DEVICE=run.1");
    EXPECT_EQ(found({"v.com/gpu"}), "| FILE=etc DEVICE=etc.0 FILE=run DEVICE=run.1");
}

TEST_F(Directories, OneDirectoryDescribesADeviceOnce) {
    write("etc/a.json", spec("v.com/gpu", {"0", "1"}, "a"));
    write("etc/b.json", spec("v.com/gpu", {"1"}, "b"));
    EXPECT_EQ(found({"v.com/gpu=0"}), "| FILE=a DEVICE=a.0");
    EXPECT_EQ(found({"v.com/gpu=1"}), "devices: \"v.com/gpu=1\": is described by both " + etc_ +
                                          "/a.json and " + etc_ + "/b.json");
    // The same file by two names is one.
    unlink((etc_ + "/b.json").c_str());
    ASSERT_EQ(link((etc_ + "/a.json").c_str(), (etc_ + "/b.json").c_str()), 0);
    ASSERT_EQ(symlink("../etc/a.json", (run_ + "/c.json").c_str()), 0);
    EXPECT_EQ(found({"v.com/gpu"}), "| FILE=a DEVICE=a.0 DEVICE=a.1");
}

TEST_F(Directories, WhatIsNotThereIsSaid) {
    EXPECT_EQ(found({"all"}), "|");
    EXPECT_EQ(found({"v.com/gpu=0"}),
              "devices: \"v.com/gpu=0\": there is no such device (there are "
              "none in " +
                  etc_ + " and " + missing_ + " and " + run_ + ")");
    write("etc/a.json", spec("v.com/gpu", {"0"}, "a"));
    write("run/nvidia.yaml", "cdiVersion: 0.5.0");
    EXPECT_EQ(
        found({"v.com/gpu=1"}),
        "devices: \"v.com/gpu=1\": there is no such device (there are: v.com/gpu=0; YAML is not "
        "read: `nvidia-ctk cdi generate --format=json` writes JSON)");
    EXPECT_EQ(found({"./none.json"}), "devices: open \"./none.json\": No such file or directory");
    write("run/broken.json", "{");
    EXPECT_TRUE(found({"v.com/gpu=0"}).starts_with("devices: parse \"" + run_ + "/broken.json\""));
    EXPECT_EQ(found({etc_ + "/a.json"}), "| FILE=a DEVICE=a.0") << "a path needs no directory";
}

TEST_F(Directories, OnlyFilesAreRead) {
    ASSERT_EQ(mkdir((etc_ + "/d.json").c_str(), 0755), 0);
    EXPECT_EQ(found({"all"}), "devices: open \"" + etc_ + "/d.json\": is no file");
    rmdir((etc_ + "/d.json").c_str());
    ASSERT_EQ(mkfifo((etc_ + "/f.json").c_str(), 0644), 0);
    EXPECT_EQ(found({"all"}), "devices: open \"" + etc_ + "/f.json\": is no file");
    unlink((etc_ + "/f.json").c_str());
    write("etc/huge.json", std::string((4 << 20) + 1, ' '));
    EXPECT_EQ(found({"all"}), "devices: read \"" + etc_ + "/huge.json\": is larger than 4 MiB");
}

// --- in a Spec

Spec writable() {
    Spec spec;
    spec.root = Root{"/image", RootWrites::discarded, {}};
    spec.mounts = {Proc{}};
    return spec;
}

Strings places(const Spec& spec) {
    Strings out;
    for (const Mount& mount : spec.mounts)
        out.push_back(std::visit([](const auto& one) { return one.to; }, mount));
    return out;
}

TEST(DeviceMounts, ComeInFrontAndOnceForEachPlace) {
    DeviceEdits first;
    first.mounts = {{"/a/lib", "/lib/a"}, {"/b/lib", "/lib/b"}};
    first.links = {{"/lib/c", "a"}};
    DeviceEdits second;
    second.mounts = {{"/newer/lib", "/lib//a"}};
    second.links = {{"/lib/c", "b"}};
    Spec spec = writable();
    ASSERT_TRUE(add_devices(spec, {first, second}, DevKind::host, FakeHost()).ok());
    EXPECT_EQ(places(spec), (Strings{"/lib//a", "/lib/b", "/lib/c", "/proc"}));
    EXPECT_EQ(std::get<Bind>(spec.mounts[0]).from, "/newer/lib");
    EXPECT_EQ(std::get<Symlink>(spec.mounts[2]).target, "b");
}

TEST(DeviceMounts, NodesAreBoundWhereTheyAreNotThereAnyway) {
    DeviceEdits edits;
    edits.nodes = {{"/dev/x", "/dev/x"}, {"/dev/v/y", "/dev/y"}, {"/srv/z", "/srv/z"}};
    Spec spec = writable();
    ASSERT_TRUE(add_devices(spec, {edits}, DevKind::host, FakeHost()).ok());
    EXPECT_EQ(places(spec), (Strings{"/dev/y", "/srv/z", "/proc"}));
    spec = writable();
    ASSERT_TRUE(add_devices(spec, {edits}, DevKind::minimal, FakeHost()).ok());
    EXPECT_EQ(places(spec), (Strings{"/dev/x", "/dev/y", "/srv/z", "/proc"}));
}

TEST(DeviceMounts, LibrariesAreAnnouncedByTheImagesOwnLdconfig) {
    DeviceEdits edits;
    edits.libraries = {"/usr/lib/v", "/usr/lib/w"};
    edits.soname_libraries = {"/usr/lib/s"};
    DeviceEdits more;
    more.libraries = {"/usr/lib/w"};
    Spec spec = writable();
    FakeHost host;
    EXPECT_EQ(
        add_devices(spec, {edits, more}, DevKind::host, host).error().text(),
        "devices: update-ldcache \"/sbin/ldconfig\": is not in the image (a device's libraries "
        "are announced to the image's programs by its own ldconfig)");
    host.image["/usr/sbin/ldconfig"] = Node::other;
    ASSERT_TRUE(add_devices(spec, {edits, more}, DevKind::host, host).ok());
    ASSERT_EQ(spec.hooks.guest.size(), 2U);
    EXPECT_EQ(spec.hooks.guest[0].arguments, (Strings{"/usr/sbin/ldconfig", "-n", "/usr/lib/s"}));
    EXPECT_EQ(spec.hooks.guest[1].arguments,
              (Strings{"/usr/sbin/ldconfig", "/usr/lib/v", "/usr/lib/w"}));
}

TEST(DeviceMounts, AnImageIsNeverChanged) {
    for (const RootWrites writes : {RootWrites::refused, RootWrites::kept}) {
        Spec spec = writable();
        spec.root->writes = writes;
        EXPECT_FALSE(add_devices(spec, {}, DevKind::host, FakeHost()).ok());
    }
}

}  // namespace
}  // namespace caisson
