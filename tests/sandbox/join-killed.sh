#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Peers killed at any moment, the first one too: the rest go on, at once, in one sandbox. After the timeout
# nothing is left, neither a process nor the name.
. "${0%/*}/harness.bash"

is_static || skip 'instrumented starts take longer than the peers wait'
use busybox
is_over() { ! grep -q "@caisson-join-1/$uid//$$\$" /proc/net/unix; }
for round in {1..24}; do
    began=$SECONDS
    "$guests/start-peers" -k $((1 + round % 12)) -w $((round * 2)) -s $((round + $$)) 24 \
        "$caisson" run --join --join-timeout 1 "$image" -- readlink /proc/self/ns/mnt >got 2>.err || fail "$(cat .err)"
    expect_equal "$(sort -u got | wc -l)" 1 'number of sandboxes'
    [ $((SECONDS - began)) -le 5 ] || fail 'the rest were blocked'
    await is_over
done
# The process that lets the others in is killed: who comes later makes a sandbox anew.
start --join-tag "t$$" "$image" -- sleep 60
name="@caisson-join-1/$uid//t$$"
await grep -q "$name\$" /proc/net/unix
attendant=$(pgrep -x caisson-join -u "$uid" -n)
kill -9 "$attendant"
timeout 10 "$caisson" run --join-tag "t$$" "$image" -- true || fail 'blocked by one that was killed'
kill -9 "$pid"
finish
expect_status 137
