// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "caisson/policy.h"

namespace caisson {

Result<SeccompProgram> SeccompProgram::from_bytes(std::string_view bytes) {
    const auto wrong = [](const char* reason) {
        return Error{"seccomp", {}, {}, 0, reason, "a compiled program is wanted, not its source"};
    };
    if (bytes.empty()) return wrong("an empty seccomp filter");
    if (bytes.size() % sizeof(sock_filter) != 0) {
        return wrong("no seccomp filter: not a multiple of 8 bytes");
    }
    if (bytes.size() / sizeof(sock_filter) > BPF_MAXINSNS) {
        return wrong("no seccomp filter: more than 4096 instructions");
    }
    SeccompProgram program;
    program.instructions.resize(bytes.size() / sizeof(sock_filter));
    memcpy(program.instructions.data(), bytes.data(), bytes.size());
    return program;
}

}  // namespace caisson
