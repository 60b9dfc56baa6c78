#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Without a private pid namespace the command takes the launcher's place: its process id, its parent, no
# process in between and no child that it did not start.
. "${0%/*}/harness.bash"

use busybox
for options in '' -W '--die-with-parent' '--private net,ipc,uts,cgroup'; do
    # shellcheck disable=SC2086  # several words
    start $options "$image" -- sh -c 'echo $$ $PPID; cat /proc/$$/task/$$/children'
    finish
    expect_output "$pid $$"
done
# With somebody who had to help from outside, too.
start --trace trace.json "$image" -- sh -c 'echo $$ $PPID; sleep 0.1; cat /proc/$$/task/$$/children'
finish
expect_output "$pid $$"
