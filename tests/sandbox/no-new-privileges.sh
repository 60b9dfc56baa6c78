#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# no_new_privs is set: a set-user-ID program of the image is run as who calls it. --allow-new-privs lifts
# that.
. "${0%/*}/harness.bash"

use own
for options in '' '--private all' '-w' '--cap-add all'; do
    # shellcheck disable=SC2086  # several words
    run $options "$image" -- grep '^NoNewPrivs' /proc/self/status
    expect_output $'NoNewPrivs:\t1'
done
run --allow-new-privs "$image" -- grep '^NoNewPrivs' /proc/self/status
expect_output $'NoNewPrivs:\t0'

if [ "$as" = root ]; then
    cp "$image/bin/busybox" "$image/bin/set-id"
    rm "$image/bin/id"
    ln "$image/bin/set-id" "$image/bin/id"
    chmod 4755 "$image/bin/id"
    run -u 1000 "$image" -- id
    expect_no_match 'euid=0'
    run -u 1000 --allow-new-privs "$image" -- grep CapEff /proc/self/status
    expect_output $'CapEff:\t0000000000000000'
fi
