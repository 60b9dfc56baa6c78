// SPDX-License-Identifier: Apache-2.0
//
// Restricting a mount and those below it with mount(2), which knows no recursive read-only: the
// mounts are read from /proc/self/mountinfo, once for each tree. Runs in the child.
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "child/classic.h"
#include "child/destination.h"

namespace caisson::child::classic {
namespace {

// Reads lines into a buffer of its own, so that nothing needs memory from elsewhere.
class Lines {
  public:
    explicit Lines(int fd) : fd_(fd) {}

    // The next line without its newline, or null at the end. -errno in `error`. What of a line the
    // buffer does not hold is left out: the words that matter come first, and an overlay of many
    // layers has a line of many pages.
    char* next(long& error) {
        for (;;) {
            char* newline = static_cast<char*>(memchr(buffer_ + begin_, '\n', end_ - begin_));
            if (newline) {
                char* line = buffer_ + begin_;
                *newline = '\0';
                begin_ = static_cast<size_t>(newline - buffer_) + 1;
                if (!skipping_) return line;
                skipping_ = false;
                continue;
            }
            if (skipping_) begin_ = end_;
            if (begin_ == 0 && end_ == sizeof buffer_) return cut();
            error = fill();
            if (error <= 0) return nullptr;
        }
    }

  private:
    long fill() {
        memmove(buffer_, buffer_ + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
        const long got = sys::read(fd_, buffer_ + end_, sizeof buffer_ - end_);
        if (got > 0) end_ += static_cast<size_t>(got);
        return got;
    }

    char* cut() {
        skipping_ = true;
        buffer_[sizeof buffer_ - 1] = '\0';
        begin_ = end_;
        return buffer_;
    }

    int fd_;
    bool skipping_ = false;
    size_t begin_ = 0;
    size_t end_ = 0;
    char buffer_[3 * PATH_MAX];
};

struct Line {
    unsigned id = 0;
    unsigned parent = 0;
    char* point = nullptr;
    const char* options = nullptr;
};

unsigned number(char*& text) {
    unsigned value = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
        value = value * 10 + static_cast<unsigned>(*text - '0');
    }
    if (*text == ' ') text++;
    return value;
}

char* word(char*& text) {
    char* begin = text;
    text = strchrnul(text, ' ');
    if (*text) *text++ = '\0';
    return begin;
}

// Blanks, tabs, newlines and backslashes are written \ooo (proc_pid_mountinfo(5)).
void unescape(char* text) {
    char* out = text;
    for (; *text; text++) {
        if (text[0] == '\\' && text[1] && text[2] && text[3]) {
            *out++ = static_cast<char>((text[1] - '0') * 64 + (text[2] - '0') * 8 + text[3] - '0');
            text += 3;
        } else {
            *out++ = *text;
        }
    }
    *out = '\0';
}

// "ID PARENT MAJOR:MINOR ROOT POINT OPTIONS …"
Line parse(char* text) {
    Line line;
    line.id = number(text);
    line.parent = number(text);
    word(text);
    word(text);
    line.point = word(text);
    line.options = word(text);
    unescape(line.point);
    return line;
}

bool has_option(const char* options, const char* name) {
    const size_t size = strlen(name);
    for (const char* at = options; (at = strstr(at, name)); at += size) {
        const bool begins = at == options || at[-1] == ',';
        if (begins && (at[size] == ',' || at[size] == '\0')) return true;
    }
    return false;
}

// What the mount has already: in a user namespace these are locked, and a remount that leaves one
// out is EPERM (mount_namespaces(7)). How access times are kept is left as it is by a remount that
// says nothing about it (mount(2), MS_REMOUNT).
unsigned long flags_of(const char* options) {
    constexpr struct {
        const char* name;
        unsigned long flag;
    } known[] = {{"ro", MS_RDONLY},
                 {"nosuid", MS_NOSUID},
                 {"nodev", MS_NODEV},
                 {"noexec", MS_NOEXEC},
                 {"nosymfollow", MS_NOSYMFOLLOW}};
    unsigned long flags = 0;
    for (const auto& option : known) {
        if (has_option(options, option.name)) flags |= option.flag;
    }
    return flags;
}

// The mount's number, from the line "mnt_id:\tN" of /proc/self/fdinfo/FD.
long mount_id_of(int fd) {
    char path[40] = "/proc/self/fdinfo/";
    strcat(path, FdPath(fd).text() + strlen("/proc/self/fd/"));
    char text[512];
    const int info = sys::openat(AT_FDCWD, path, O_RDONLY);
    if (info < 0) return info;
    const long size = sys::read(info, text, sizeof text - 1);
    sys::close(info);
    if (size < 0) return size;
    text[size] = '\0';
    char* id = strstr(text, "mnt_id:\t");
    if (!id) return -ENODATA;
    id += strlen("mnt_id:\t");
    return number(id);
}

// The mounts of one tree. mountinfo lists a parent before its children.
class Tree {
  public:
    explicit Tree(unsigned top) { ids_[count_++] = top; }
    bool contains(unsigned id) const {
        for (int i = 0; i < count_; i++) {
            if (ids_[i] == id) return true;
        }
        return false;
    }
    bool add(unsigned id) {
        if (count_ == capacity) return false;
        ids_[count_++] = id;
        return true;
    }

  private:
    static constexpr int capacity = 2048;
    unsigned ids_[capacity];
    int count_ = 0;
};

struct Restriction {
    int fd;         // the top of the tree
    unsigned id;    // its mount's number
    size_t prefix;  // length of its path in mountinfo
    unsigned long flags;
    const char* subject;
};

Outcome remount(int fd, const Restriction& wanted, const Line& line) {
    const unsigned long flags = wanted.flags | flags_of(line.options);
    const int error =
        sys::mount(nullptr, FdPath(fd).text(), nullptr, MS_REMOUNT | MS_BIND | flags, nullptr);
    return outcome_of(error, "mount", wanted.subject);
}

// A mount that another one covers cannot be named to mount(2), neither by us nor by the program: a
// look-up ends at the other one, or finds no such place in it.
Outcome remount_below(Progress& progress, const Restriction& wanted, const Line& line) {
    const int fd = sys::open_beneath(wanted.fd, line.point + wanted.prefix, O_PATH,
                                     lookup_of(*progress.start.plan));
    if (fd == -ENOENT || fd == -ENOTDIR) return done();
    if (fd < 0) return outcome_of(fd, "open", wanted.subject);
    const long id = mount_id_of(fd);
    Outcome outcome = outcome_of(id, "read", "/proc/self/fdinfo");
    if (id == static_cast<long>(line.id)) outcome = remount(fd, wanted, line);
    sys::close(fd);
    return outcome;
}

Outcome restrict_tree(Progress& progress, Restriction& wanted, int mountinfo, bool recursive) {
    Lines lines(mountinfo);
    Tree tree(wanted.id);
    long error = 0;
    bool found = false;
    while (char* text = lines.next(error)) {
        const Line line = parse(text);
        const bool is_top = line.id == wanted.id;
        if (!is_top && !tree.contains(line.parent)) continue;
        if (!*line.options) return {ENAMETOOLONG, "read", "/proc/self/mountinfo"};
        if (!is_top && !tree.add(line.id)) return {E2BIG, "mount", wanted.subject};
        if (is_top) wanted.prefix = strcmp(line.point, "/") == 0 ? 0 : strlen(line.point);
        const Outcome outcome =
            is_top ? remount(wanted.fd, wanted, line) : remount_below(progress, wanted, line);
        if (outcome.failed() || !recursive) return outcome;
        found = true;
    }
    if (!found && error == 0) return {ENODATA, "read", "/proc/self/mountinfo"};
    return outcome_of(error, "read", "/proc/self/mountinfo");
}

}  // namespace

Outcome restrict(Progress& progress, int fd, const MountAttributes& attributes, bool recursive,
                 const char* subject) {
    const int error = sys::mount(nullptr, FdPath(fd).text(), nullptr,
                                 MS_PRIVATE | (recursive ? unsigned{MS_REC} : 0U), nullptr);
    const unsigned long flags = flag_bits(attributes);
    if (error < 0 || flags == 0) return outcome_of(error, "mount", subject);
    const long id = mount_id_of(fd);
    if (id < 0) return outcome_of(id, "read", "/proc/self/fdinfo");
    const int mountinfo = sys::openat(AT_FDCWD, "/proc/self/mountinfo", O_RDONLY);
    if (mountinfo < 0) return outcome_of(mountinfo, "open", "/proc/self/mountinfo");
    Restriction wanted = {fd, static_cast<unsigned>(id), 0, flags, subject};
    const Outcome outcome = restrict_tree(progress, wanted, mountinfo, recursive);
    sys::close(mountinfo);
    return outcome;
}

}  // namespace caisson::child::classic
