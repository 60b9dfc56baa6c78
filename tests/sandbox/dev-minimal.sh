#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --dev=minimal: the usual small /dev, with every node usable and nothing of the host's beside.
. "${0%/*}/harness.bash"

for kind in busybox debian; do
    use "$kind"
    run --dev=minimal "$image" -- ls -A /dev
    expect_output "$(printf '%s\n' fd full null ptmx pts random shm stderr stdin stdout tty urandom zero)"
    run --dev minimal "$image" -- sh -ec '
        echo x >/dev/null
        [ "$(head -c 4 /dev/zero | wc -c)$(head -c 4 /dev/urandom | wc -c)" = 44 ]
        ! echo x 2>/dev/null >/dev/full
        echo x >/dev/shm/file
        ls -A /dev/pts
        readlink /dev/fd
        echo in | cat /dev/stdin
        echo out >>/dev/stdout
        [ -c /dev/ptmx ] && [ -c /dev/tty ] && stat -c %a /dev/shm'
    expect_output $'ptmx\n/proc/self/fd\nin\nout\n1777'
done
run --dev=none "$image" -- true
expect_error 'options: --dev "none": is neither host nor minimal'
