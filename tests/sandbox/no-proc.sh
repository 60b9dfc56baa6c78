#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A host without /proc: what needs it says so. Root needs it for nothing but the image's own.
. "${0%/*}/harness.bash"

is_static || skip 'this caisson is instrumented, which takes a /proc'
use busybox
as_caller=(unshare --mount sh -c 'mount -t tmpfs none /proc && exec "$@"' -)
if [ "$as" = root ]; then
    run "$image" -- echo ran
    expect_output ran
    run --private all "$image" -- sh -c 'echo /proc/1/comm'
    expect_output /proc/1/comm
else
    as_caller=(unshare --user "--map-user=$uid" "--map-group=$gid" --keep-caps "${as_caller[@]:1}")
    "${as_caller[@]}" true 2>/dev/null || skip 'mounting in a namespace of its own is not allowed here'
    for options in '' '--private all'; do
        # shellcheck disable=SC2086  # several words
        run $options "$image" -- echo ran
        expect_error 'id-maps: open "/proc/self/setgroups": No such file or directory \(/proc must be mounted'
    done
fi
