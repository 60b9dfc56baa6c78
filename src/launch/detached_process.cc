// SPDX-License-Identifier: Apache-2.0
#include "launch/detached_process.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

namespace caisson {

Result<void> start_detached(const char* name, const std::function<void()>& body) {
    const pid_t middle = fork();
    if (middle < 0) return Error{"start", "fork", name, errno, {}, {}};
    if (middle == 0) {
        const pid_t copy = fork();
        if (copy != 0) _exit(copy < 0 ? errno : 0);
        body();
        _exit(0);
    }
    int status = 0;
    while (waitpid(middle, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    return Error{"start", "fork", name, WEXITSTATUS(status), {}, {}};
}

}  // namespace caisson
