#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --trace: the time of each phase of the plan, in its order, as JSON that trace viewers open.
. "${0%/*}/harness.bash"
need jq

use busybox
for options in '' '-W' '--private all' '--private pid --no-init' '--id-map single --timeout 9'; do
    # shellcheck disable=SC2086  # several words
    run $options --trace trace.json "$image" -- true
    # shellcheck disable=SC2086
    run --explain $options "$image" -- true
    jq -e '[.traceEvents[] | .ph == "X" and .dur >= 0 and .ts > 0 and (.name | length > 0)] | all and length > 5' \
        trace.json >/dev/null || fail "not as expected: $(cat trace.json)"
    jq -e '[.traceEvents[].ts] | . == sort' trace.json >/dev/null || fail 'not in order'
    for phase in root mounts pivot cwd fds; do
        jq -e --arg name $phase '[.traceEvents[].name] | index($name)' trace.json >/dev/null || fail "no phase $phase"
    done
done
run --trace /nonesuch/file "$image" -- true
expect_error 'trace: open "/nonesuch/file": No such file or directory'
