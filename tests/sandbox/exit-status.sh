#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The exit status is the command's, or 128 and the number of the signal that ended it; also where an
# init stands in between, and where the command is process 1, which no signal of its own can end.
. "${0%/*}/harness.bash"

use busybox
guest die
for options in '' '--private pid' '--private all' '--timeout 60' '--status-fd 2'; do
    for code in 0 1 42 124 125 139 255; do
        # shellcheck disable=SC2086  # several words
        run $options "$image" -- sh -c "exit $code"
        expect_status "$code"
    done
    for signal in 1 2 6 9 11 15 31; do
        # shellcheck disable=SC2086
        run $options "$image" -- "$guest" "$signal"
        expect_status $((128 + signal))
    done
done
run --private pid --no-init "$image" -- "$guest" 15
expect_status 99
run --private pid --no-init "$image" -- "$guest" 6
expect_status 99
run --private pid --no-init "$image" -- sh -c 'exit 42'
expect_status 42
