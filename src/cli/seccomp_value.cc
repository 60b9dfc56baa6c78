// SPDX-License-Identifier: Apache-2.0
//
// The value of --seccomp.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/try.h"
#include "caisson/fd.h"
#include "cli/run_values.h"

namespace caisson::cli {
namespace {

// As much as a filter can have and a byte more: the file may be a device without an end.
constexpr size_t most = BPF_MAXINSNS * sizeof(sock_filter) + 1;

Result<std::string> read_filter(const char* path) {
    const bool is_input = strcmp(path, "-") == 0;
    const Fd fd(is_input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                         : open(path, O_RDONLY | O_CLOEXEC));
    if (!fd) return Error{"seccomp", "open", path, errno, {}, {}};
    std::string content(most, '\0');
    size_t size = 0;
    while (size < most) {
        const ssize_t got = read(fd.get(), content.data() + size, most - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return Error{"seccomp", "read", path, errno, {}, {}};
        if (got == 0) break;
        size += static_cast<size_t>(got);
    }
    content.resize(size);
    return content;
}

}  // namespace

Result<void> set_seccomp(RunRequest& request, const char* value) {
    Result<SeccompProgram> program = SeccompProgram::from_bytes(TRY(read_filter(value)));
    if (!program) {
        Error error = std::move(program).error();
        error.subject = value;
        return error;
    }
    request.spec.seccomp = std::move(program).value();
    return {};
}

}  // namespace caisson::cli
