#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# ch-run's --join: its options, and the messages that scripts look for.
. "${0%/*}/harness.bash"

use busybox
export USER=ann
ch_run() { status=0 && "$caisson" ch-run "$@" >got 2>messages || status=$?; }
says() { grep -qE "ch-run\[[0-9]+\]: $1\$" messages || fail "no \"$1\" in: $(cat messages)"; }
refuses() {
    [ "$status" = 31 ] || fail "status $status, not 31"
    says "error: $1"
}

"$guests/start-peers" 4 "$caisson" ch-run -v --join --join-tag "t$$" "$image" -- readlink /proc/self/ns/mnt >got 2>messages
expect_equal "$(sort -u got | wc -l) $(wc -l <got)" '1 4' 'sandboxes and peers'
for words in "join: 1 4 t$$ 0:4" 'join: I won:1' 'join: I lost:3' 'join: winner initializing shared data:1' \
    'joining namespaces of pid [0-9]+:3' 'join: 0 peers left excluding myself:1' 'join: 1 peers left excluding myself:1' \
    'join: cleaning up IPC resources: there are none:1'; do
    expect_equal "$(grep -cE "ch-run\[[0-9]+\]: ${words%:*}\$" messages)" "${words##*:}" "number of \"${words%:*}\""
done
SLURM_STEP_ID=foo SLURM_CPUS_ON_NODE='1(x2)' ch_run -v --join "$image" -- true
says 'join: 1 1 foo 0'
ch_run --join "$image" -- true
[ "$status" = 31 ] || fail "status $status"
grep -q 'join: no valid peer group size found' messages || fail "$(cat messages)"
ch_run --join-ct=0 "$image" -- true
refuses 'join: no valid peer group size found'
ch_run --join-ct=4x "$image" -- true
refuses '--join-ct: extra characters after digits'
ch_run --join-tag= --join-ct=1 "$image" -- true
refuses "--join-tag: tag can't be empty"
ch_run --join-pid=4194305 "$image" -- true
refuses 'join: no PID 4194305: /proc/4194305/ns/user not found'
[ "$as" = root ] || { ch_run --join-pid=1 "$image" -- true && refuses "join: can't open /proc/1/ns/user: Permission denied"; }
