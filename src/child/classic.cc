// SPDX-License-Identifier: Apache-2.0
#include "child/classic.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "child/destination.h"
#include "child/generated.h"
#include "child/layer.h"
#include "child/source.h"

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

// The topmost mount on `/`, where the new root stands until the pivot: a look-up of "/" begins at
// the bottom one, and only `..` steps up to what is mounted on it.
constexpr const char* topmost = "/..";

int open_directory(const char* path) {
    return sys::openat(AT_FDCWD, path, O_PATH | O_DIRECTORY);
}

// Where the writes go becomes the working directory: a tmpfs, which stands where the overlay then
// covers it, or the host's directory.
Outcome enter_layer(const step::RootFromOverlay& step) {
    if (!step.layer.empty()) {
        return outcome_of(sys::chdir(step.layer.c_str()), "chdir", step.layer.c_str());
    }
    OptionText size;
    if (!step.size.empty() && !size.add("size", step.size.c_str())) {
        return {EINVAL, "mount", step.from.c_str()};
    }
    const int error = sys::mount("tmpfs", topmost, "tmpfs", 0, size.text());
    if (error < 0) return outcome_of(error, "mount", "tmpfs");
    return outcome_of(sys::chdir(topmost), "chdir", "tmpfs");
}

// The image is named by a descriptor, since no path of the user's can be said in the options.
Outcome mount_overlay(const step::RootFromOverlay& step, int lower, Progress& progress) {
    Outcome outcome = enter_layer(step);
    if (!outcome.failed()) outcome = prepare_layer(step, AT_FDCWD, progress);
    if (outcome.failed()) return outcome;
    OptionText options;
    const bool is_kept = !step.layer.empty();
    const bool fits = options.add("lowerdir", FdPath(lower).text()) &&
                      options.add("upperdir", "upper") && options.add("workdir", "work") &&
                      (!step.user_xattr || options.add("userxattr", "")) &&
                      (!is_kept || options.add("index", "on"));
    if (!fits) return {ENAMETOOLONG, "mount", step.from.c_str()};
    const int error = sys::mount("overlay", topmost, "overlay", 0, options.text());
    if (error < 0) return outcome_of(error, "mount", is_kept ? step.layer.c_str() : "overlay");
    if (is_kept) return done();
    // The layer as well is to be in no clone of the old root. Not before: an overlay takes no
    // unbindable layer.
    return outcome_of(sys::mount(nullptr, ".", nullptr, MS_UNBINDABLE, nullptr), "mount", "tmpfs");
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
    if (attached < 0) return outcome_of(attached, "open", to);
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
    const int error = sys::mount(from, topmost, nullptr, MS_BIND | MS_REC, nullptr);
    if (error < 0) return outcome_of(error, "mount", from);
    progress.root = open_directory(topmost);
    if (progress.root < 0) return outcome_of(progress.root, "open", from);
    const Outcome restricted = restrict(progress, progress.root, step.attributes, true, from);
    return restricted.failed() ? restricted : hide_root();
}

Outcome root_from_overlay(const step::RootFromOverlay& step, Progress& progress) {
    const char* from = step.from.c_str();
    const int lower = progress.opened.keep_for_now(open_directory(from));
    if (lower < 0) return outcome_of(lower, "open", from);
    const Outcome mounted = mount_overlay(step, lower, progress);
    if (mounted.failed()) return mounted;
    progress.layers_below_root = step.layer.empty() ? 1 : 0;
    progress.root = open_directory(topmost);
    if (progress.root < 0) return outcome_of(progress.root, "open", from);
    const Outcome restricted = restrict(progress, progress.root, step.attributes, false, from);
    return restricted.failed() ? restricted : hide_root();
}

Outcome root_from_tmpfs(Progress& progress) {
    const int error = sys::mount("tmpfs", topmost, "tmpfs", 0, nullptr);
    if (error < 0) return outcome_of(error, "mount", "tmpfs");
    progress.root = open_directory(topmost);
    return progress.root < 0 ? outcome_of(progress.root, "open", "tmpfs") : hide_root();
}

Outcome restrict_root(const step::RestrictRoot& step, Progress& progress) {
    const Outcome restricted = restrict(progress, progress.root, step.attributes, false, "/");
    return restricted.failed() ? restricted : hide_root();
}

Outcome attach_bind(const step::AttachBind& step, Progress& progress) {
    const Bind& bind = step.bind;
    const Source source = find_source(progress, bind.from.c_str());
    if (source.error < 0) return outcome_of(source.error, "open", bind.from.c_str());
    const FdPath by_descriptor(source.dir);
    const char* from = source.flags ? by_descriptor.text() : source.path;
    // No place is made for what is not there.
    const int missing = step.make == MakePoint::never ? 0 : sys::faccessat(AT_FDCWD, from, 0);
    if (missing < 0) return outcome_of(missing, "mount", bind.from.c_str());
    const int place = open_destination(progress, bind.to.c_str(), step.make);
    if (place < 0) return no_destination(place, step.make, "open", bind.to.c_str());
    const unsigned long recursive = bind.recursive ? MS_REC : 0;
    const int error = sys::mount(from, FdPath(place).text(), nullptr, MS_BIND | recursive, nullptr);
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
    if (place < 0) return no_destination(place, step.make, "open", step.to.c_str());
    // Read-only is the mount's own, as with fsmount(2), and not the file system's.
    const unsigned long flags = flag_bits(step.attributes) & ~static_cast<unsigned long>(MS_RDONLY);
    const int error = sys::mount(step.type.c_str(), FdPath(place).text(), step.type.c_str(), flags,
                                 options.text());
    if (error < 0) return outcome_of(error, "mount", step.to.c_str());
    if (!step.attributes.read_only) return done();
    const int attached = open_destination(progress, step.to.c_str(), MakePoint::never);
    if (attached < 0) return outcome_of(attached, "open", step.to.c_str());
    return restrict(progress, attached, step.attributes, false, step.to.c_str());
}

// mount(2) cannot make a file system that is nowhere: the store covers the new root while its
// files are bound out of it, and is taken off again.
Outcome attach_files(const step::AttachFiles& step, Progress& progress) {
    int error = sys::mount("tmpfs", topmost, "tmpfs", 0, nullptr);
    if (error < 0) return outcome_of(error, "mount", "tmpfs");
    const int store = progress.opened.keep_for_now(open_directory(topmost));
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
