// SPDX-License-Identifier: Apache-2.0
//
// A sealed memory file on a descriptor of the program's. Runs in the child.
#include <errno.h>
#include <sys/mman.h>

#include "child/steps.h"

namespace caisson::child {
namespace {

constexpr size_t most_at_once = 0x7ffff000;  // the kernel's own limit (sendfile(2))

Outcome copy_file(const char* from, int to) {
    const int file = sys::openat(AT_FDCWD, from, O_RDONLY);
    if (file < 0) return outcome_of(file, "open", from);
    long sent = 0;
    do {
        sent = sys::sendfile(to, file, most_at_once);
    } while (sent > 0 || sent == -EINTR);
    sys::close(file);
    return outcome_of(sent, "sendfile", from);
}

Outcome write_all(int to, const char* content, size_t size) {
    while (size > 0) {
        const long written = sys::write(to, content, size);
        if (written < 0 && written != -EINTR) return outcome_of(written, "write", "sealed file");
        if (written < 0) continue;
        content += written;
        size -= static_cast<size_t>(written);
    }
    return done();
}

Outcome fill(const DescriptorFile& file, int to) {
    if (!file.from.empty()) return copy_file(file.from.c_str(), to);
    return write_all(to, file.content.data(), file.content.size());
}

// The new descriptor under the number that the program expects.
Outcome give(int fd, int number) {
    if (fd == number) return outcome_of(sys::fcntl(fd, F_SETFD, 0), "fcntl", "sealed file");
    const int error = sys::dup2(fd, number);
    sys::close(fd);
    return outcome_of(error, "dup3", "sealed file");
}

}  // namespace

Outcome run(const step::GiveSealedFile& step, Progress& progress) {
    progress.opened.close_all();  // not later, when the number may be the program's
    const char* name = step.file.from.empty() ? "sealed file" : step.file.from.c_str();
    const unsigned flags =
        MFD_CLOEXEC | MFD_ALLOW_SEALING | (step.never_executable ? MFD_NOEXEC_SEAL : 0U);
    const int fd = sys::memfd_create("caisson", flags);
    if (fd < 0) return outcome_of(fd, "memfd_create", name);
    const Outcome filled = fill(step.file, fd);
    if (filled.failed()) return filled;
    constexpr int every_change = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    int error = sys::fcntl(fd, F_ADD_SEALS, every_change);
    if (error < 0) return outcome_of(error, "F_ADD_SEALS", name);
    error = static_cast<int>(sys::rewind(fd));
    if (error < 0) return outcome_of(error, "lseek", name);
    return give(fd, step.file.descriptor);
}

}  // namespace caisson::child
