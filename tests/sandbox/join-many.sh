#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Two hundred peers at once, three times over: all of them in one sandbox, none fails, no name is left.
. "${0%/*}/harness.bash"

use busybox
for _ in 1 2 3; do
    "$guests/start-peers" 200 "$caisson" run --join "$image" -- readlink /proc/self/ns/mnt >got 2>.err || fail "$(cat .err)"
    expect_equal "$(sort -u got | wc -l)" 1 'number of sandboxes'
    expect_equal "$(wc -l <got)" 200 'number of peers'
done
is_over() { ! grep -q "@caisson-join-1/$uid//$$\$" /proc/net/unix; }
await is_over
