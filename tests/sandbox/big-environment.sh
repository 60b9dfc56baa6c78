#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# An environment of two megabytes goes in whole; where a limit inside leaves no room for it, we say so.
. "${0%/*}/harness.bash"

use busybox
ulimit -Ss unlimited 2>/dev/null || skip 'the stack is limited'
for ((i = 0; i < 20; i++)); do export "BIG$i=$(head -c 104000 /dev/zero | tr '\0' x)"; done
size=$(env | wc -c)
[ "$size" -gt 2000000 ] || fail 'the environment is too small'
for options in '' '--private all'; do
    # shellcheck disable=SC2086  # several words
    run $options "$image" -- sh -c 'echo ${#BIG0} ${#BIG19}'
    expect_output '104000 104000'
    # shellcheck disable=SC2086
    run $options --rlimit stack=1000000 "$image" -- true
    expect_status 126
    expect_error 'exec: execve "[^"]*true": Argument list too long \(arguments and environment are larger than'
done
run --clear-env --rlimit stack=1000000 "$image" -- true
