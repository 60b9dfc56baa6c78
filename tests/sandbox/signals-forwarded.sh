#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A signal sent to the launcher reaches the command, which decides what comes of it.
. "${0%/*}/harness.bash"

use busybox
for options in '' '--private pid' '--private pid --no-init' '--timeout 60' '--private pid --status-fd 2'; do
    for signal in TERM HUP USR1; do
        rm -f ready
        # shellcheck disable=SC2086  # several words
        start $options "$image" -- sh -c "trap 'echo got; kill %1; exit 5' $signal; sleep 30 & touch $scratch/ready; wait"
        await [ -e ready ]
        sleep 0.05
        kill -s "$signal" "$pid"
        finish
        expect_output got
        expect_status 5
    done

    # Without a handler the command dies by it; but a process 1 is deaf to what it has no handler for.
    [[ $options != *no-init* ]] || continue
    rm -f ready
    # shellcheck disable=SC2086
    start $options "$image" -- sh -c "touch $scratch/ready; exec sleep 30"
    await [ -e ready ]
    sleep 0.05
    kill -s TERM "$pid"
    finish
    expect_status 143
done
