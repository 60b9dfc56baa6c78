#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --join: the processes that one launcher starts share a sandbox, each in place of its own launcher; the
# image is the first one's, what else is said is each one's own.
. "${0%/*}/harness.bash"

use busybox
# peers N COMMAND…: N peers, their output sorted
peers() {
    "$guests/start-peers" "$@" >.peers 2>.err || fail "$(cat .err)"
    sort .peers
}
share() { peers "$1" "$caisson" run --join "${@:2}"; }
mine() { readlink "/proc/self/ns/$1"; }
namespaces=(sh -c 'for n in user mnt net ipc uts; do set -- $@ $(readlink /proc/self/ns/$n); done; echo $@')

share 5 "$image" -- "${namespaces[@]}" >got
expect_equal "$(sort -u got | wc -l)" 1 'number of different sets of namespaces'
expect_equal "$(wc -l <got)" 5 'number of peers'
[[ $(cat got) != *$(mine mnt)* ]] || fail 'they are where this script is'
[ "$as" = root ] || [[ $(cat got) != *$(mine user)* ]] || fail 'they are in the user namespace of this script'
share 3 --private net,ipc,uts,cgroup --lock-mounts "$image" -- "${namespaces[@]}" >got
expect_equal "$(sort -u got | wc -l)" 1 'number of different sets of namespaces'
for kind in net ipc uts; do [[ $(cat got) != *$(mine $kind)* ]] || fail "$kind is shared with the host"; done
share 3 -W "$image" -- sh -c 'echo line >>/written; until [ "$(wc -l </written)" = 3 ]; do :; done; id -u'
# The process stays, and nobody stands between it and its parent; with somebody to wait for it, too.
got=$(share 2 "$image" -- sh -c 'echo $PPID; cat /proc/$$/task/$$/children' | tr -d '\n')
expect_equal "$got" "${got:0:${#got}/2}${got:0:${#got}/2}" 'the peers of one parent, and no child'
share 2 --timeout 60 "$image" -- true
share 2 --id-map "0:$uid:1" "$image" -- id -u >got 2>/dev/null || true
expect_equal "$(sort -u got)" 0 'uid of peers in a map of ids'
# What is each one's own.
expect_equal "$(share 3 -c /tmp "$image" -- sh -c 'echo $MPI_LOCALRANKID $PWD' | tr '\n' ' ')" '0 /tmp 1 /tmp 2 /tmp ' ranks
"$guests/start-peers" 2 "$caisson" run --join "$image" -- sh -c 'exit $MPI_LOCALRANKID' 2>.err && fail 'no status'
grep -q 'peer 1: status 0x100' .err || fail "$(cat .err)"
run --join --join-ct 1 --explain "$image"
expect_match 'the first peer:.*offer the .*mount namespaces to who comes to join.*the other peers:.*enter the .*mount namespaces'
