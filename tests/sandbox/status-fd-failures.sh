#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --status-fd tells a set-up that failed, in parts, and nothing else then.
. "${0%/*}/harness.bash"
need jq

use busybox
failed() {
    local wanted=$1
    shift
    run --status-fd 9 "$@" 9>status
    owed=''
    expect_equal "$(jq -c '[.event, .phase, .operation, .subject, .errno]' status)" "$wanted" 'the event'
    expect_equal "$(jq -r '.hint | length > 0' status)" true 'that there is a hint'
}
failed '["failed","image","stat","/nonesuch",2]' /nonesuch -- true
failed '["failed","cwd","chdir","/nonesuch",2]' -c /nonesuch "$image" -- true
failed '["failed","mounts","open_tree","/nonesuch",2]' -b /nonesuch:/var "$image" -- true
failed '["failed","cwd","chdir","/nonesuch",2]' --private all -c /nonesuch "$image" -- true
failed '["failed","exec","execve","nonesuch",2]' "$image" -- nonesuch
failed '["failed","exec","execve","/nonesuch",2]' --private pid "$image" -- /nonesuch
failed '["failed","exec","execve","/etc",13]' "$image" -- /etc
# A path that is no UTF-8 must not break the JSON.
run --status-fd 9 -c $'/\xff"\n' "$image" -- true 9>status
expect_error 'cwd: chdir'
jq -e '.event == "failed"' status >/dev/null || fail 'not JSON'
