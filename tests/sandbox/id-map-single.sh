#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# By default an ordinary user exists inside as one id and nobody else does: there is nothing to change
# to, and groups can't be dropped to get around a file's mode.
# Only as user: root needs no map.
. "${0%/*}/harness.bash"

use busybox
for options in '' '--id-map single'; do
    # shellcheck disable=SC2086  # several words
    run $options "$image" -- cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups
    expect_match "^ +$uid +$uid +1"$'\n'" +$gid +$gid +1"$'\n''deny$'
done
run -u 0 -g 0 "$image" -- cat /proc/self/uid_map /proc/self/gid_map
expect_match "^ +0 +$uid +1"$'\n'" +0 +$gid +1\$"
run -u 0 "$image" -- chown 1 "$scratch/.out"
expect_complaint 'Invalid argument'
