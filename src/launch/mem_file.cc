// SPDX-License-Identifier: Apache-2.0
#include "caisson/mem_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sys/constants.h"

namespace caisson {
namespace {

Error failed(const char* operation, const std::string& subject) {
    return {"memory file", operation, subject, errno, {}, {}};
}

}  // namespace

Result<MemFile> MemFile::create(const std::string& name) {
    const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    int fd = memfd_create(name.c_str(), flags | MFD_NOEXEC_SEAL);
    // Before 6.3 the flag is unknown and the file executable, as all were.
    if (fd < 0 && errno == EINVAL) fd = memfd_create(name.c_str(), flags);
    if (fd < 0) return failed("memfd_create", name);
    return MemFile(Fd(fd));
}

Result<void> MemFile::write(std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = ::write(fd_.get(), content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failed("write", {});
        content.remove_prefix(static_cast<size_t>(written));
    }
    return {};
}

Result<SealedFile> MemFile::seal(Seals seals) && {
    if (fcntl(fd_.get(), F_ADD_SEALS, static_cast<int>(seals)) < 0) {
        return failed("F_ADD_SEALS", {});
    }
    return SealedFile(std::move(fd_));
}

Result<SealedFile> SealedFile::adopt(Fd fd, Seals wanted) {
    const int seals = fcntl(fd.get(), F_GET_SEALS);
    if (seals < 0) return failed("F_GET_SEALS", {});
    if ((static_cast<Seals>(seals) & wanted) != wanted) {
        return Error{"memory file", "F_GET_SEALS", {}, 0, "not sealed as it has to be", {}};
    }
    return SealedFile(std::move(fd));
}

}  // namespace caisson
