#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Neither another user nor a program in a sandbox can lure somebody in by taking the name that peers meet
# at, and neither is let in.
. "${0%/*}/harness.bash"

use busybox
guest abstract-socket
await_ready() { await grep -q ready "$1"; }
if [ "$as" = root ]; then
    setpriv --reuid 12345 --regid 12345 --clear-groups "$guest" hold "caisson-join-1/0//theirs-$$" >theirs &
    background+=("$!")
    await_ready theirs
    run --join-tag "theirs-$$" "$image" -- true
    expect_error "join: meet \"uid 12345\": another user holds this meeting's name \(choose another --join-tag\)"
    exit
fi
# The same user, in a sandbox.
"$caisson" run "$image" -- "$guest" hold "caisson-join-1/$uid//inside-$$" >inside &
background+=("$!")
await_ready inside
run --join-tag "inside-$$" "$image" -- true
expect_error 'join: meet "process [0-9]+": who holds this meeting is in another user namespace \(peers share'

# From inside, a meeting outside is seen, and refused in the same way; nothing is sent.
is_static || skip 'this caisson is not static, and the image lacks its libraries'
[[ $image = /tmp/* ]] || cp -R "$image" image
cp "$caisson" caisson
start --join-tag "outside-$$" "$image" -- sleep 60
await grep -q "caisson-join-1/$uid//outside-$$\$" /proc/net/unix
background+=("$pid")
status=0
errors=$("$caisson" run "$image" -- "$scratch/caisson" run --join-tag "outside-$$" / -- true 2>&1) || status=$?
expect_equal "$status" 125 'status'
[[ $errors =~ 'peers share the user, pid and network namespaces' ]] || fail "let in: $errors"
owed=''
