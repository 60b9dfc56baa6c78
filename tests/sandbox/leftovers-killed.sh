#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# With a private pid namespace nothing outlives the command, be it a daemon that no signal reaches.
. "${0%/*}/harness.bash"

use busybox
guest daemon
for options in '--private pid' '--private pid --no-init' '--private all --timeout 60'; do
    rm -f alive
    # shellcheck disable=SC2086  # several words
    run $options "$image" -- sh -c "$guest $scratch/alive; sleep 0.1"
    size=$(stat -c %s alive)
    [ "$size" -gt 1 ] || fail 'there was no daemon'
    sleep 0.1
    expect_equal "$(stat -c %s alive)" "$size" 'the size of what the daemon writes'
done
