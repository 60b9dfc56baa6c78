#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# 127 where the command is not there, 126 where it can't be executed, each with a word on why.
. "${0%/*}/harness.bash"

use own
failed() {
    local code=$1 wanted=$2
    shift 2
    for options in '' '--private pid' '--timeout 10'; do
        # shellcheck disable=SC2086  # several words
        run $options "$image" -- "$@"
        expect_status "$code"
        expect_error "exec: execve $wanted"
    done
}
failed 127 '"nonesuch": No such file or directory \(is the program, or its ELF interpreter, inside' nonesuch
failed 127 '"/bin/nonesuch": No such file or directory \(' /bin/nonesuch
failed 127 '"/bin/sh/nonesuch": (Not a directory|No such file or directory)' /bin/sh/nonesuch
failed 126 '"/etc": Permission denied \(not executable for this user, or on a noexec mount\)' /etc
touch "$image/bin/plain"
failed 126 '"/bin/plain": Permission denied' /bin/plain
failed 126 '"plain": Permission denied' plain
printf '#!/no/such/interpreter\n' >"$image/bin/script"
# e_machine 183: aarch64. The header is all that the kernel looks at.
printf '\x7fELF\x02\x01\x01%09d\x02\x00\xb7\x00\x01%043d' 0 0 | tr 0 '\0' >"$image/bin/foreign"
echo 'no interpreter named' >"$image/bin/text"
cp "$(command -v ls)" "$image/bin/dynamic"
chmod +x "$image"/bin/{script,foreign,text,dynamic}
failed 127 '"/bin/script": No such file or directory \(is the program, or its ELF interpreter' /bin/script
failed 127 '"/bin/dynamic": No such file or directory \(is the program, or its ELF interpreter' /bin/dynamic
failed 126 '"/bin/foreign": Exec format error \(built for another architecture' /bin/foreign
failed 126 '"/bin/text": Exec format error \(built for another architecture, or a script without' /bin/text
