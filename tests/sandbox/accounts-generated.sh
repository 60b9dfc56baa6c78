#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# /etc/passwd and /etc/group name the caller, root and nobody, and nobody else of the host.
. "${0%/*}/harness.bash"

use debian
run "$image" -- id -un
expect_output "$(getent passwd "$uid" | cut -d: -f1)"
run "$image" -- id -gn
expect_output "$(getent group "$gid" | cut -d: -f1)"
run "$image" -- sh -c 'getent passwd root; getent passwd nobody; grep -c . /etc/passwd'
expect_match '^root:x:0:'
expect_match $'\nnobody:x:65534:65534:'
expect_match $'\n'"$([ "$as" = root ] && echo 2 || echo 3)\$"

run -u 4321 -g 8765 "$image" -- sh -c 'id -u; id -g; id -un; id -gn'
expect_output $'4321\n8765\nuser\ngroup'

# It is one line each, with what a name lacks empty and never a line break in it.
run "$image" -- grep -vEc '^[a-z_][a-z0-9_-]*:x:[0-9]+:[0-9]+:[^:]*:/[^:]*:/[^:]+$' /etc/passwd
expect_status 1
expect_output 0

run --no-passwd "$image" -- cat /etc/passwd
expect_output "$(cat "$image/etc/passwd")"
