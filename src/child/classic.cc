// SPDX-License-Identifier: Apache-2.0
#include "child/classic.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "child/destination.h"
#include "child/generated.h"

namespace caisson::child::classic {
namespace {

// Options as mount(2) takes them, "key=value,key": a value that has a comma cannot be said.
class OptionText {
  public:
    bool add(const char* key, const char* value) {
        if (strchr(value, ',')) return false;
        return append(size_ ? "," : "") && append(key) && (!*value || append("=")) && append(value);
    }
    const char* text() const { return buffer_; }

  private:
    bool append(const char* text) {
        const size_t more = strlen(text);
        if (size_ + more >= sizeof buffer_) return false;
        memcpy(buffer_ + size_, text, more + 1);
        size_ += more;
        return true;
    }
    char buffer_[PATH_MAX] = {};
    size_t size_ = 0;
};

// A path that leads to the topmost mount on `directory`. For "/" a look-up begins at the bottom
// one, and only `..` steps up to what is mounted on it.
const char* topmost(const char* directory) {
    return strcmp(directory, "/") == 0 ? "/.." : directory;
}

int open_directory(const char* path) {
    return sys::openat(AT_FDCWD, path, O_PATH | O_DIRECTORY);
}

// The writable layer stands on the image's own directory, which the overlay then covers; the
// image below it is named by a descriptor that was opened before.
Outcome mount_overlay(const step::RootFromOverlay& step, int lower) {
    const char* from = step.from.c_str();
    OptionText size;
    if (!step.size.empty() && !size.add("size", step.size.c_str())) return {EINVAL, "mount", from};
    int error = sys::mount("tmpfs", topmost(from), "tmpfs", 0, size.text());
    if (error < 0) return outcome_of(error, "mount", "tmpfs");
    error = sys::chdir(topmost(from));
    if (error < 0) return outcome_of(error, "chdir", from);
    for (const char* name : {"upper", "work"}) {
        error = sys::mkdirat(AT_FDCWD, name, 0755);
        if (error < 0) return outcome_of(error, "mkdir", name);
    }
    OptionText options;
    const bool fits = options.add("lowerdir", FdPath(lower).text()) &&
                      options.add("upperdir", "upper") && options.add("workdir", "work") &&
                      (!step.user_xattr || options.add("userxattr", ""));
    if (!fits) return {ENAMETOOLONG, "mount", from};
    return outcome_of(sys::mount("overlay", topmost(from), "overlay", 0, options.text()), "mount",
                      "overlay");
}

Outcome attach_one_file(Progress& progress, const char* name, int store, const char* to,
                        MakePoint make) {
    const int place = open_destination(progress, to, make);
    if (place < 0) return outcome_of(place, "open", to);
    const int file = progress.opened.keep_for_now(sys::openat(store, name, O_PATH));
    if (file < 0) return outcome_of(file, "open", to);
    const int error =
        sys::mount(FdPath(file).text(), FdPath(place).text(), nullptr, MS_BIND, nullptr);
    if (error < 0) return outcome_of(error, "mount", to);
    const int attached = open_destination(progress, to, MakePoint::never);
    return restrict(progress, attached, {.read_only = true, .nosuid = true, .nodev = true}, false,
                    to);
}

}  // namespace

unsigned long flag_bits(const MountAttributes& attributes) {
    unsigned long bits = 0;
    if (attributes.read_only) bits |= MS_RDONLY;
    if (attributes.nosuid) bits |= MS_NOSUID;
    if (attributes.nodev) bits |= MS_NODEV;
    if (attributes.noexec) bits |= MS_NOEXEC;
    return bits;
}

FdPath::FdPath(int fd) {
    FileName number(static_cast<size_t>(fd));
    memcpy(buffer_, "/proc/self/fd/", 15);
    strcpy(buffer_ + 14, number.text());
}

Outcome root_from_directory(const step::RootFromDirectory& step, Progress& progress) {
    const char* from = step.from.c_str();
    int error = sys::mount(from, from, nullptr, MS_BIND | MS_REC, nullptr);
    if (error < 0) return outcome_of(error, "mount", from);
    progress.root_path = from;
    progress.root = open_directory(topmost(from));
    if (progress.root < 0) return outcome_of(progress.root, "open", from);
    error =
        sys::mount(nullptr, FdPath(progress.root).text(), nullptr, MS_REC | MS_PRIVATE, nullptr);
    if (error < 0) return outcome_of(error, "mount", from);
    return restrict(progress, progress.root, step.attributes, true, from);
}

Outcome root_from_overlay(const step::RootFromOverlay& step, Progress& progress) {
    const char* from = step.from.c_str();
    const int lower = progress.opened.keep_for_now(open_directory(from));
    if (lower < 0) return outcome_of(lower, "open", from);
    const Outcome mounted = mount_overlay(step, lower);
    if (mounted.failed()) return mounted;
    progress.root_path = from;
    progress.root = open_directory(topmost(from));
    if (progress.root < 0) return outcome_of(progress.root, "open", from);
    for (const MountPoint& point : step.points) {
        const int made = open_destination(progress, point.path.c_str(), point.make);
        if (made < 0) return outcome_of(made, "mkdir", point.path.c_str());
        progress.opened.make_room();
    }
    return restrict(progress, progress.root, step.attributes, false, from);
}

Outcome root_from_tmpfs(Progress& progress) {
    const int error = sys::mount("tmpfs", topmost("/"), "tmpfs", 0, nullptr);
    if (error < 0) return outcome_of(error, "mount", "tmpfs");
    progress.root = open_directory(topmost("/"));
    return outcome_of(progress.root, "open", "tmpfs");
}

Outcome restrict_root(const step::RestrictRoot& step, Progress& progress) {
    return restrict(progress, progress.root, step.attributes, false, "/");
}

Outcome attach_bind(const step::AttachBind& step, Progress& progress) {
    const Bind& bind = step.bind;
    const int place = open_destination(progress, bind.to.c_str(), step.make);
    if (place < 0) return outcome_of(place, "open", bind.to.c_str());
    const unsigned long recursive = bind.recursive ? MS_REC : 0;
    const int error =
        sys::mount(bind.from.c_str(), FdPath(place).text(), nullptr, MS_BIND | recursive, nullptr);
    if (error < 0) return outcome_of(error, "mount", bind.from.c_str());
    if (!bind.attributes.any()) return done();
    const int attached = open_destination(progress, bind.to.c_str(), MakePoint::never);
    if (attached < 0) return outcome_of(attached, "open", bind.to.c_str());
    return restrict(progress, attached, bind.attributes, bind.recursive, bind.to.c_str());
}

Outcome attach_new(const step::AttachNew& step, Progress& progress) {
    OptionText options;
    for (const auto& [key, value] : step.options) {
        if (!options.add(key.c_str(), value.c_str())) return {EINVAL, "mount", step.to.c_str()};
    }
    const int place = open_destination(progress, step.to.c_str(), step.make);
    if (place < 0) return outcome_of(place, "open", step.to.c_str());
    return outcome_of(sys::mount(step.type.c_str(), FdPath(place).text(), step.type.c_str(),
                                 flag_bits(step.attributes), options.text()),
                      "mount", step.to.c_str());
}

// mount(2) cannot make a file system that is nowhere: the store covers the new root while its
// files are bound out of it, and is taken off again.
Outcome attach_files(const step::AttachFiles& step, Progress& progress) {
    const char* root = topmost(progress.root_path);
    int error = sys::mount("tmpfs", root, "tmpfs", 0, nullptr);
    if (error < 0) return outcome_of(error, "mount", "tmpfs");
    const int store = progress.opened.keep_for_now(open_directory(root));
    if (store < 0) return outcome_of(store, "open", "tmpfs");
    for (size_t i = 0; i < step.files.size(); i++) {
        const GeneratedFile& file = step.files[i];
        FileName name(i);
        Outcome outcome = generate(progress, store, name.text(), file);
        if (!outcome.failed()) {
            outcome = attach_one_file(progress, name.text(), store, file.to.c_str(), step.make);
        }
        if (outcome.failed() && !(is_absence(outcome) && file.if_absent == IfAbsent::skip)) {
            return outcome;
        }
    }
    error = sys::fchdir(store);
    if (error < 0) return outcome_of(error, "fchdir", "tmpfs");
    return outcome_of(sys::umount2(".", MNT_DETACH), "umount2", "tmpfs");
}

}  // namespace caisson::child::classic
