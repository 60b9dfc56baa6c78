#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# More peers said than come: nobody waits for them, and after the timeout a message says which are missing,
# if there is still anything to be missing from. Fewer said than come: all are let in.
. "${0%/*}/harness.bash"

use busybox
tag=counts-$$
"$guests/start-peers" 3 "$caisson" run --join-ct 8 --join-tag "$tag" --join-timeout 0.5 "$image" -- sleep 1 2>errors ||
    fail "$(cat errors)"
message="caisson: join: meet \"$tag\": 5 of 8 peers have not come within 0.5 s: ranks 3, 4, 5, 6, 7 (have they"
grep -qF "$message" errors || fail "no message: $(cat errors)"
# A pipe's reader is not kept waiting, whoever is missing.
began=$SECONDS
got=$("$caisson" run --join-ct 2 --join-timeout 3 --join-tag "pipe-$$" "$image" -- echo out 2>&1)
expect_equal "$got" out 'output'
[ $((SECONDS - began)) -le 2 ] || fail 'waited for a peer that never came'
# Processors need not have a peer each: nothing is said.
got=$(SLURM_CPUS_ON_NODE=64 "$caisson" run --join --join-timeout 0.2 "$image" -- sleep 0.5 2>&1)
expect_equal "$got" '' 'output'

"$guests/start-peers" 9 "$caisson" run --join-ct 2 --join-tag "few-$$" "$image" -- \
    sh -c 'readlink /proc/self/ns/mnt; sleep 1' >got 2>errors || fail "$(cat errors)"
expect_equal "$(sort -u got | wc -l) $(wc -l <got)" '1 9' 'sandboxes and peers'

run --join "$image"
expect_error 'join: count: no valid peer group size found \(no launcher'
run --join --join-ct 2 --private pid "$image"
expect_error 'nobody can move into a pid or time namespace \(joining goes without --private pid and time\)'
