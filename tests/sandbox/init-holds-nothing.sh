#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Neither the init nor the launcher holds what the command was given: whoever reads what the command
# writes sees the end when the command closes it, not when the sandbox ends.
. "${0%/*}/harness.bash"

use busybox
mkfifo pipe
for options in '' '--private pid' '--private pid --no-init' '--timeout 60'; do
    for close in 9 1; do
        # shellcheck disable=SC2086  # several words
        "$caisson" run $options --die-with-parent --keep-fd 9 "$image" -- sh -c "echo line >&$close; exec $close>&-; exec sleep 30" \
            9>"$([ $close = 9 ] && echo pipe || echo /dev/null)" \
            >"$([ $close = 1 ] && echo pipe || echo /dev/null)" &
        background+=("$!")
        timeout 5 cat <pipe >line || fail "descriptor $close has no end while the command lives, with $options"
        expect_equal "$(cat line)" line 'what was read'
        kill -0 "$!" || fail 'the command has ended'
        kill -9 "$!"  # a process 1 without a handler ignores TERM
    done
done

# Nor can the command see or use what process 1 has.
run --private pid "$image" -- ls /proc/1/fd
if [ "$status" = 0 ]; then expect_output ''; else expect_complaint 'Permission denied'; fi
