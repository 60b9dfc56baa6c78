#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --timeout: a command that takes longer gets SIGTERM, and the exit status is 124; one that does not is
# left alone, as is its own status.
. "${0%/*}/harness.bash"
need jq

use busybox
for options in '' '--private pid' '--private all --new-session'; do
    before=$SECONDS
    # shellcheck disable=SC2086  # several words
    run $options --timeout 0.3 "$image" -- sleep 30
    expect_status 124
    [ $((SECONDS - before)) -lt 5 ] || fail 'it took too long'
    # shellcheck disable=SC2086
    run $options --timeout 1m "$image" -- sh -c 'exit 3'
    expect_status 3
done
run --timeout 0.3 --status-fd 9 "$image" -- sleep 30 9>status
expect_status 124
expect_equal "$(jq -c 'select(.event == "exited") | [.signal, ."timed-out"]' status)" '[15,true]' 'the event'

run --timeout 0.3 "$image" -- sh -c 'trap "echo last words; kill %1; exit 0" TERM; sleep 30 & wait'
expect_output 'last words'
expect_status 124

for value in 0 -1 x 1y '' 1e99 nan inf; do
    run --timeout "$value" "$image" -- true
    expect_error 'options: --timeout.*: is no duration: 10, 1.5m, 2h or 1d'
done
