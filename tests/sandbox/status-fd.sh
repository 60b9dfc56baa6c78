#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --status-fd: JSON, an object a line: that it started and how it ended, code and signal apart.
. "${0%/*}/harness.bash"
need jq

use busybox
guest die
events() { jq -c "$1" status; }
for options in '' '--private pid' '--private all' '-W'; do
    # shellcheck disable=SC2086  # several words
    run $options --status-fd 9 "$image" -- sh -c 'exit 139' 9>status
    expect_status 139
    expect_equal "$(events '[.event, .code, .signal]')" $'["started",null,null]\n["exited",139,null]' 'the events'
    # shellcheck disable=SC2086
    run $options --status-fd 9 "$image" -- "$guest" 11 9>status
    expect_status 139
    expect_equal "$(events '[.event, .code, .signal]')" $'["started",null,null]\n["exited",null,11]' 'the events'
done

run --private pid --status-fd 9 "$image" -- sh -c 'readlink /proc/self/ns/pid; readlink /proc/self/ns/mnt' 9>status
expect_output "pid:[$(jq -r 'select(.namespaces).namespaces.pid' status)]
mnt:[$(jq -r 'select(.namespaces).namespaces.mnt' status)]"
start --status-fd 9 "$image" -- sleep 0.5 9>status
await jq -e '.pid' status
kill -0 "$(jq .pid status)" || fail 'no process of that number'
finish

run --status-fd 9 "$image" -- sh -c 'echo mine >&9' 9>status
expect_complaint 'Bad file descriptor|bad file descriptor'
run --status-fd 9 "$image" -- true
expect_error 'options: --status-fd "9": is not an open descriptor'
