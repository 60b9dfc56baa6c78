#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The init holds no descriptor: whoever reads what the command writes sees the end when the command
# closes it, not when the sandbox ends.
. "${0%/*}/harness.bash"

use busybox
mkfifo pipe
"$caisson" run --private pid --keep-fd 9 "$image" -- sh -c 'echo line >&9; exec 9>&-; exec sleep 30' 9>pipe &
runner=$!
trap 'kill "$runner"; cleanup' EXIT
exec 8<pipe
# The launcher itself waits outside and holds none of it either.
timeout 10 cat <&8 >read || fail 'no end of file while the command lives'
expect_equal "$(cat read)" line 'what was read'
kill -0 "$runner" || fail 'the command has ended'

# Nor can the command see or use what process 1 has.
run --private pid "$image" -- ls /proc/1/fd
if [ "$status" = 0 ]; then expect_output ''; else expect_complaint 'Permission denied'; fi
