// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "caisson/fd.h"

namespace caisson {

void Fd::reset(int number) {
    if (number_ >= 0) ::close(number_);
    number_ = number;
}

namespace file {

Result<std::string> read(const std::string& path, const char* phase) {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) return Error{phase, "open", path, errno, {}, {}};
    return read(fd, path, phase);
}

Result<std::string> read(const Fd& fd, const std::string& path, const char* phase) {
    std::string content;
    char buffer[4096];
    for (;;) {
        const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return Error{phase, "read", path, errno, {}, {}};
        if (got == 0) return content;
        content.append(buffer, static_cast<size_t>(got));
    }
}

}  // namespace file
}  // namespace caisson
