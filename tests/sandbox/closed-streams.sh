#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A caller that has closed its standard streams: the command finds /dev/null there, and never a
# descriptor of ours.
. "${0%/*}/harness.bash"

use busybox
show='l=$(for n in 0 1 2; do readlink /proc/$$/fd/$n; done); echo "$l" >'$scratch/links
for options in '' '--private all' '-W' '--timeout 9' '--dev minimal'; do
    for closed in 0 1 2 '0 1' '0 1 2'; do
        ran="caisson run $options with $closed closed"
        (
            for n in $closed; do eval "exec $n<&-"; done
            # shellcheck disable=SC2086  # several words
            "$caisson" run $options "$image" -- sh -c "$show"
        ) >out 2>err || fail "status $?"
        for n in $closed; do
            expect_equal "$(sed -n "$((n + 1))p" links)" /dev/null "descriptor $n"
        done
    done
done

# A message that can't be printed must not go somewhere else.
status=0
(exec 2>&-; "$caisson" run /nonesuch -- true) >out || status=$?
expect_status 125
expect_equal "$(cat out)" '' 'standard output'
