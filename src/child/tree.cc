// SPDX-License-Identifier: Apache-2.0
#include "child/tree.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "child/destination.h"
#include "child/generated.h"
#include "child/layer.h"
#include "child/source.h"

namespace caisson::child::tree {
namespace {

// A superblock in the making. Its descriptor also carries the kernel's words on what was wrong.
int open_filesystem(Progress& progress, const char* type) {
    return progress.opened.keep_for_now(sys::fsopen(type));
}

Outcome set_option(int fs, const char* key, const char* value) {
    const bool flag = !*value;
    const int error = sys::fsconfig(fs, flag ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING, key,
                                    flag ? nullptr : value);
    return outcome_of(error, "fsconfig", key);
}

// The mount, or -errno with `failed` saying what it was.
int make_mount(Progress& progress, int fs, const char* type, const MountAttributes& attributes,
               Outcome& failed) {
    int error = sys::fsconfig(fs, FSCONFIG_CMD_CREATE, nullptr, nullptr);
    failed = outcome_of(error, "fsconfig", type);
    if (error < 0) return error;
    const int mount = progress.opened.keep_for_now(
        sys::fsmount(fs, static_cast<unsigned>(attribute_bits(attributes))));
    failed = outcome_of(mount, "fsmount", type);
    return mount;
}

int make_tmpfs(Progress& progress, const char* size, Outcome& failed) {
    const int fs = open_filesystem(progress, "tmpfs");
    failed = outcome_of(fs, "fsopen", "tmpfs");
    if (fs < 0) return fs;
    if (*size) failed = set_option(fs, "size", size);
    if (failed.failed()) return -failed.error;
    return make_mount(progress, fs, "tmpfs", {}, failed);
}

// In lowerdir a colon separates layers and a backslash escapes it; a comma means nothing here,
// since fsconfig(2) passes one option at a time.
bool escape_layer(const char* path, char* out, size_t size) {
    for (; *path; path++) {
        if (*path == ':' || *path == '\\') {
            if (size-- <= 1) return false;
            *out++ = '\\';
        }
        if (size-- <= 1) return false;
        *out++ = *path;
    }
    *out = '\0';
    return true;
}

// A kept layer serves one overlay at a time: with `index` the kernel refuses a second one.
Outcome configure_overlay(int fs, const step::RootFromOverlay& step) {
    char lower[2 * PATH_MAX];
    if (!escape_layer(step.from.c_str(), lower, sizeof lower)) {
        return {ENAMETOOLONG, "fsconfig", step.from.c_str()};
    }
    const struct {
        const char* key;
        const char* value;
        bool wanted;
    } options[] = {{"lowerdir", lower, true},
                   {"upperdir", "upper", true},
                   {"workdir", "work", true},
                   {"userxattr", "", step.user_xattr},
                   {"index", "on", !step.layer.empty()}};
    for (const auto& option : options) {
        if (!option.wanted) continue;
        const Outcome set = set_option(fs, option.key, option.value);
        if (set.failed()) return set;
    }
    return done();
}

// The directory that takes the writes: the host's, or a tmpfs, which has to be attached while the
// overlay is made, because before 6.15 the kernel takes no layer from a detached mount.
int open_layer(Progress& progress, const step::RootFromOverlay& step, Outcome& failed) {
    if (step.layer.empty()) {
        const int layer = make_tmpfs(progress, step.size.c_str(), failed);
        if (layer >= 0) failed = attach_over_root(layer);
        return failed.failed() ? -failed.error : layer;
    }
    const char* path = step.layer.c_str();
    const int layer =
        progress.opened.keep_for_now(sys::openat(AT_FDCWD, path, O_PATH | O_DIRECTORY));
    failed = outcome_of(layer, "open", path);
    return layer;
}

// The layer is looked up relative to the working directory, so that its path needs no escapes.
int make_overlay(Progress& progress, const step::RootFromOverlay& step, Outcome& failed) {
    const int layer = open_layer(progress, step, failed);
    if (layer < 0) return layer;
    failed = prepare_layer(step, layer, progress);
    if (failed.failed()) return -failed.error;
    const int fs = open_filesystem(progress, "overlay");
    failed = outcome_of(fs, "fsopen", "overlay");
    if (!failed.failed()) failed = outcome_of(sys::fchdir(layer), "fchdir", "overlay");
    if (!failed.failed()) failed = configure_overlay(fs, step);
    if (failed.failed()) return -failed.error;
    const int overlay = make_mount(progress, fs, "overlay", {}, failed);
    if (failed.failed()) {
        if (!step.layer.empty()) failed = failed.about(step.layer.c_str());
        return -failed.error;
    }
    if (step.layer.empty()) failed = take_off_root(layer);
    return failed.failed() ? -failed.error : overlay;
}

// From 6.15 on mounts can be attached to a detached one, and the pivot attaches the whole.
Outcome keep_root(const Progress& progress) {
    if (is_root_detached(progress)) return done();
    const Outcome attached = attach_over_root(progress.root);
    return attached.failed() ? attached : hide_root();
}

}  // namespace

// A restricted mount is private as well: what the host mounts below the source later would arrive
// without the restriction.
mount_attr restriction(const MountAttributes& attributes) {
    mount_attr attr{};
    attr.attr_set = attribute_bits(attributes);
    attr.propagation = MS_PRIVATE;
    return attr;
}

uint64_t attribute_bits(const MountAttributes& attributes) {
    return (attributes.read_only ? MOUNT_ATTR_RDONLY : 0U) |
           (attributes.nosuid ? MOUNT_ATTR_NOSUID : 0U) |
           (attributes.nodev ? MOUNT_ATTR_NODEV : 0U) |
           (attributes.noexec ? MOUNT_ATTR_NOEXEC : 0U);
}

int clone_restricted(const Progress& progress, int dir, const char* path,
                     const MountAttributes& attributes, unsigned flags, Outcome& failed) {
    const bool in_one = progress.start.plan->kernel.open_tree_attr;
    const mount_attr attr = restriction(attributes);
    const int mount = in_one ? sys::open_tree_attr(dir, path, OPEN_TREE_CLONE | flags, attr)
                             : sys::open_tree(dir, path, OPEN_TREE_CLONE | flags);
    failed = outcome_of(mount, "open_tree");
    if (mount < 0 || in_one) return mount;
    const int error = sys::mount_setattr(mount, "", AT_EMPTY_PATH | (flags & AT_RECURSIVE), attr);
    failed = outcome_of(error, "mount_setattr");
    return error < 0 ? error : mount;
}

Outcome attach(Progress& progress, int mount, const char* to, MakePoint make) {
    const int place = open_destination(progress, to, make);
    if (place < 0) return no_destination(place, make, "openat2", to);
    return outcome_of(
        sys::move_mount(mount, "", place, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH),
        "move_mount", to);
}

Outcome attach_over_root(int mount) {
    return outcome_of(sys::move_mount(mount, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH),
                      "move_mount", "/");
}

Outcome take_off_root(int mount) {
    const int error = sys::fchdir(mount);
    if (error < 0) return outcome_of(error, "fchdir", "tmpfs");
    return outcome_of(sys::umount2(".", MNT_DETACH), "umount2", "tmpfs");
}

Outcome root_from_directory(const step::RootFromDirectory& step, Progress& progress) {
    const char* from = step.from.c_str();
    Outcome failed;
    progress.root =
        clone_restricted(progress, AT_FDCWD, from, step.attributes, AT_RECURSIVE, failed);
    if (failed.failed()) return failed.about(from);
    return keep_root(progress);
}

Outcome root_from_overlay(const step::RootFromOverlay& step, Progress& progress) {
    Outcome failed;
    const int overlay = make_overlay(progress, step, failed);
    if (overlay < 0) return failed;
    progress.root = sys::fcntl(overlay, F_DUPFD_CLOEXEC);
    if (progress.root < 0) return outcome_of(progress.root, "fcntl", "root");
    const Outcome restricted = restrict_root({step.attributes}, progress);
    if (restricted.failed()) return restricted.about(step.from.c_str());
    return keep_root(progress);
}

Outcome root_from_tmpfs(Progress& progress) {
    Outcome failed;
    const int mount = make_tmpfs(progress, "", failed);
    if (mount < 0) return failed;
    progress.root = sys::fcntl(mount, F_DUPFD_CLOEXEC);
    if (progress.root < 0) return outcome_of(progress.root, "fcntl", "root");
    return keep_root(progress);
}

Outcome restrict_root(const step::RestrictRoot& step, Progress& progress) {
    // Not its propagation: it may be hidden.
    mount_attr attr{};
    attr.attr_set = attribute_bits(step.attributes);
    return outcome_of(sys::mount_setattr(progress.root, "", AT_EMPTY_PATH, attr), "mount_setattr",
                      "/");
}

Outcome attach_bind(const step::AttachBind& step, Progress& progress) {
    const Bind& bind = step.bind;
    const char* from = bind.from.c_str();
    const Source source = find_source(progress, from);
    if (source.error < 0) return outcome_of(source.error, "open", from);
    const unsigned flags = source.flags | (bind.recursive ? unsigned{AT_RECURSIVE} : 0U);
    Outcome failed;
    // Unrestricted, a bind stays the host's slave: a home that is automounted later shows in it.
    const int mount = progress.opened.keep_for_now(
        bind.attributes.any()
            ? clone_restricted(progress, source.dir, source.path, bind.attributes, flags, failed)
            : sys::open_tree(source.dir, source.path, OPEN_TREE_CLONE | flags));
    if (failed.failed()) return failed.about(from);
    if (mount < 0) return outcome_of(mount, "open_tree", from);
    return attach(progress, mount, bind.to.c_str(), step.make);
}

Outcome attach_new(const step::AttachNew& step, Progress& progress) {
    const char* type = step.type.c_str();
    const int fs = open_filesystem(progress, type);
    if (fs < 0) return outcome_of(fs, "fsopen", type);
    for (const auto& [key, value] : step.options) {
        const Outcome set = set_option(fs, key.c_str(), value.c_str());
        if (set.failed()) return {set.error, set.operation, step.to.c_str()};
    }
    Outcome failed;
    const int mount = make_mount(progress, fs, type, step.attributes, failed);
    if (mount < 0) return {failed.error, failed.operation, step.to.c_str()};
    return attach(progress, mount, step.to.c_str(), step.make);
}

Outcome attach_files(const step::AttachFiles& step, Progress& progress) {
    Outcome failed;
    const int store = make_tmpfs(progress, "", failed);
    if (store < 0) return failed;
    const bool attached = !progress.start.plan->kernel.open_tree_attr;
    if (attached) failed = attach_over_root(store);
    if (failed.failed()) return failed;
    for (size_t i = 0; i < step.files.size(); i++) {
        const GeneratedFile& file = step.files[i];
        const char* to = file.to.c_str();
        FileName name(i);
        failed = generate(progress, store, name.text(), file);
        if (failed.failed()) return failed;
        const int mount = progress.opened.keep_for_now(
            clone_restricted(progress, store, name.text(),
                             {.read_only = true, .nosuid = true, .nodev = true}, 0, failed));
        if (failed.failed()) return failed.about(to);
        failed = attach(progress, mount, to, step.make);
        if (failed.failed() && !(is_absence(failed) && file.if_absent == IfAbsent::skip)) {
            return failed;
        }
    }
    if (attached) return take_off_root(store);
    progress.store = store;
    return done();
}

}  // namespace caisson::child::tree
