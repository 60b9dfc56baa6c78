// SPDX-License-Identifier: Apache-2.0
//
// The values of --bind, --tmpfs and --mount.
#include <gtest/gtest.h>
#include <unistd.h>

#include "cli/run_values.h"

namespace caisson::cli {
namespace {

using Apply = Result<void> (*)(RunRequest&, const char*);

template <typename Kind>
Kind made(Apply apply, const std::string& value) {
    RunRequest request;
    const Result<void> result = apply(request, value.c_str());
    EXPECT_TRUE(result.ok()) << value << ": " << (result ? "" : result.error().text());
    if (request.spec.mounts.size() != 1) return {};
    const Kind* kind = std::get_if<Kind>(&request.spec.mounts[0]);
    EXPECT_NE(kind, nullptr) << value;
    return kind ? *kind : Kind{};
}

std::string refused(Apply apply, const std::string& value) {
    RunRequest request;
    const Result<void> result = apply(request, value.c_str());
    EXPECT_TRUE(request.spec.mounts.empty()) << value;
    return result ? "was taken" : result.error().text();
}

std::string words(const MountAttributes& attributes) {
    return std::string(attributes.read_only ? "ro " : "") + (attributes.nosuid ? "nosuid " : "") +
           (attributes.nodev ? "nodev " : "") + (attributes.noexec ? "noexec " : "");
}

std::string words(const Bind& bind) {
    return bind.from + " " + bind.to + " " + words(bind.attributes) +
           (bind.recursive ? "" : "norec ") + (bind.if_absent == IfAbsent::skip ? "try " : "");
}

std::string working_directory() {
    char* here = getcwd(nullptr, 0);
    std::string text(here);
    free(here);
    return text;
}

TEST(MountOptions, Bind) {
    const std::string here = working_directory();
    const struct {
        const char* value;
        std::string bind;
    } table[] = {
        {"/a", "/a /a "},
        {"/a:/b", "/a /b "},
        {"/a:/b:ro", "/a /b ro "},
        {"/a:/b:rw", "/a /b "},
        {"/a:/b:ro,rw", "/a /b "},
        {"/a:/b:try", "/a /b try "},
        {"/a:/b:norec", "/a /b norec "},
        {"/a:/b:nosuid,nodev,noexec,ro", "/a /b ro nosuid nodev noexec "},
        {"a", here + "/a " + here + "/a "},
        {"./a/:/b", here + "/a /b "},
        {"/a b:/c\nd", "/a b /c\nd "},
    };
    for (const auto& row : table)
        EXPECT_EQ(words(made<Bind>(add_bind, row.value)), row.bind);
}

TEST(MountOptions, BadBinds) {
    const struct {
        const char* value;
        const char* error;
    } table[] = {
        {"", "no source provided"},
        {":/b", "no source provided"},
        {"/a:", "no destination provided"},
        {"/a::ro", "no destination provided"},
        {"/a:/b:xo",
         "unknown option \"xo\" (options are ro, rw, try, merge, nosuid, nodev, noexec, norec)"},
        {"/a:/b:",
         "unknown option \"\" (options are ro, rw, try, merge, nosuid, nodev, noexec, norec)"},
        {"/a:/b:ro:x", "has more than two colons (--mount type=bind,src=…,dst=… takes such paths)"},
    };
    for (const auto& row : table)
        EXPECT_EQ(refused(add_bind, row.value), row.error) << row.value;
}

TEST(MountOptions, Tmpfs) {
    const struct {
        const char* value;
        const char* to;
        const char* attributes;
        const char* size;
        mode_t mode;
    } table[] = {
        {"/t", "/t", "nosuid nodev ", "", 01777},
        {"/t:size=64m,mode=755", "/t", "nosuid nodev ", "64m", 0755},
        {"/t:ro,noexec", "/t", "ro nosuid nodev noexec ", "", 01777},
        {"/t:suid,dev,exec", "/t", "", "", 01777},
        {"/t:size=50%", "/t", "nosuid nodev ", "50%", 01777},
    };
    for (const auto& row : table) {
        const Tmpfs tmpfs = made<Tmpfs>(add_tmpfs, row.value);
        EXPECT_EQ(tmpfs.to, row.to);
        EXPECT_EQ(words(tmpfs.attributes), row.attributes) << row.value;
        EXPECT_EQ(tmpfs.size, row.size);
        EXPECT_EQ(tmpfs.mode, row.mode) << row.value;
    }
    const char* options = " (options are size=, mode=, ro, nosuid, nodev, noexec, suid, dev, exec)";
    EXPECT_EQ(refused(add_tmpfs, "/t:"), std::string("unknown option \"\"") + options);
    EXPECT_EQ(refused(add_tmpfs, "/t:try"), std::string("unknown option \"try\"") + options);
    for (const char* mode : {"", "8", "rwx", "17777", "-1", "99999999999999999999"}) {
        EXPECT_EQ(refused(add_tmpfs, std::string("/t:mode=") + mode),
                  "a mode is octal, as in 1777");
    }
}

TEST(MountOptions, MountTypeBind) {
    const struct {
        const char* value;
        const char* bind;
    } table[] = {
        {"type=bind,src=/a,dst=/b", "/a /b "},
        {"type=bind,source=/a,target=/b", "/a /b "},
        {"dst=/b,type=bind,source=/a", "/a /b "},
        {"type=bind,src=/a", "/a /a "},
        {"type=bind,src=/a,dst=/b,ro", "/a /b ro "},
        {"type=bind,src=/a,dst=/b,readonly=true", "/a /b ro "},
        {"type=bind,src=/a,dst=/b,ro=false", "/a /b "},
        {"type=bind,src=/a,dst=/b,rw=false", "/a /b ro "},
        {"type=bind,src=/a,dst=/b,bind-nonrecursive", "/a /b norec "},
        {"type=bind,src=/a,dst=/b,nosuid,nodev,noexec", "/a /b nosuid nodev noexec "},
        {"type=bind,src=/a,dst=/b,bind-propagation=rslave", "/a /b "},
        {"type=bind,src=/a:1,dst=/b:2", "/a:1 /b:2 "},
        {"type=bind,src=/a=1,dst=/b", "/a=1 /b "},
    };
    for (const auto& row : table)
        EXPECT_EQ(words(made<Bind>(add_mount, row.value)), row.bind);
}

TEST(MountOptions, MountTypeOverlay) {
    const Overlay overlay = made<Overlay>(
        add_mount, "type=overlay,src=/l0,lowerdir=/l1:/l2,upperdir=/u,workdir=/w,dst=/o,ro");
    EXPECT_EQ(overlay.to, "/o");
    EXPECT_EQ(overlay.lower, (std::vector<std::string>{"/l0", "/l1", "/l2"}));
    EXPECT_EQ(overlay.upper, "/u");
    EXPECT_EQ(overlay.work, "/w");
    EXPECT_TRUE(overlay.attributes.read_only);
}

TEST(MountOptions, MountTypesOfTheKernel) {
    EXPECT_EQ(made<Proc>(add_mount, "type=proc").to, "/proc");
    EXPECT_EQ(made<Proc>(add_mount, "type=proc,dst=/p").to, "/p");
    EXPECT_TRUE(made<Proc>(add_mount, "type=proc,ro").attributes.read_only);
    EXPECT_EQ(made<Mqueue>(add_mount, "type=mqueue").to, "/dev/mqueue");
    EXPECT_EQ(made<Devpts>(add_mount, "type=devpts,destination=/pts").to, "/pts");
    const Tmpfs tmpfs = made<Tmpfs>(add_mount, "type=tmpfs,dst=/t,tmpfs-size=1m,tmpfs-mode=700");
    EXPECT_EQ(tmpfs.size, "1m");
    EXPECT_EQ(tmpfs.mode, 0700U);
}

TEST(MountOptions, BadMounts) {
    const char* types = " (types are bind, tmpfs, overlay, proc, mqueue, devpts)";
    const struct {
        const char* value;
        std::string error;
    } table[] = {
        {"", std::string("type= is missing") + types},
        {"src=/a,dst=/b", std::string("type= is missing") + types},
        {"type=", std::string("type= is missing") + types},
        {"type=nfs,dst=/b", std::string("there is no type nfs") + types},
        {"type=bind,dst=/b", "no source provided"},
        {"type=bind,src=/a,dst=/b,size=1m", "type=bind has no key \"size\""},
        {"type=bind,src=/a,dst=/b,", "type=bind has no key \"\""},
        {"type=bind,src=/a,dst=/b,bind-propagation=shared",
         "type=bind has no key \"bind-propagation\""},
        {"type=tmpfs,dst=/t,tmpfs-mode=9", "a mode is octal, as in 1777"},
        {"type=tmpfs,dst=/t,rec", "type=tmpfs has no key \"rec\""},
        {"type=proc,newinstance", "type=proc has no key \"newinstance\""},
        {"type=overlay,dst=/o,lowerdir=/a::/b", "no source provided"},
    };
    for (const auto& row : table)
        EXPECT_EQ(refused(add_mount, row.value), row.error) << row.value;
}

}  // namespace
}  // namespace caisson::cli
