#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --lock-mounts: a program with every capability can't take a mount off or make one writable again,
# though it may mount things of its own.
. "${0%/*}/harness.bash"

use busybox
try='umount /etc/hosts /proc /tmp / ; for m in / /etc/hosts; do mount -o remount,rw,bind $m && echo "unlocked $m"; done; touch /new && echo wrote'
for options in '--lock-mounts --cap-add all' '--lock-mounts --cap-add all -u 0' '--lock-mounts --cap-add all --private all'; do
    # shellcheck disable=SC2086  # several words
    run $options "$image" -- sh -c "$try"
    owed=''
    expect_output ''
done
run --lock-mounts --cap-add all -u 0 "$image" -- sh -c 'mount -t tmpfs none /var && touch /var/file && echo mounted'
expect_output mounted
run --lock-mounts "$image" -- id -u
expect_output "$uid"
