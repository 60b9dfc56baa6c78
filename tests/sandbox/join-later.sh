#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A sandbox can be joined by its tag while the first one's command runs, and not after it; with peers still
# to come also then, until the timeout.
. "${0%/*}/harness.bash"

use busybox
tag=later-$$
start --join-tag "$tag" -t "$image" -- sh -c 'readlink /proc/self/ns/mnt; until [ -e /tmp/stop ]; do sleep 0.1; done'
first=$pid
await grep -q mnt: .out
expect_equal "$("$caisson" run --join-tag "$tag" "$image" -- readlink /proc/self/ns/mnt)" "$(cat .out)" 'the sandbox of a later one'
"$caisson" run --join-tag "other-$$" "$image" -- readlink /proc/self/ns/mnt >other
[ "$(cat other)" != "$(cat .out)" ] || fail 'another tag leads to the same sandbox'
"$caisson" run --join-tag "$tag" "$image" -- touch /tmp/stop
pid=$first
finish
[ ! -e /tmp/stop ] || fail 'the host has the file'
# Whoever comes now is a first one.
"$caisson" run --join-tag "$tag" "$image" -- test ! -e /tmp/stop || fail 'joined a sandbox whose first one has ended'
# Three are to come; the first has long ended when the others do.
three=(--join-ct 3 --join-timeout 20 --join-tag "three-$$" "$image" -- readlink /proc/self/ns/mnt)
for _ in 1 2 3; do "$caisson" run "${three[@]}" && sleep 0.2; done >got
expect_equal "$(sort -u got | wc -l)" 1 'number of sandboxes'
# A tag may be longer than the name of a socket, and have anything in it.
tag=$(printf '%0300d' 7)$'/../\n "'
start --join-tag "$tag" "$image" -- sh -c 'readlink /proc/self/ns/mnt; sleep 1'
await grep -q mnt: .out
expect_equal "$("$caisson" run --join-tag "$tag" "$image" -- readlink /proc/self/ns/mnt)" "$(cat .out)" 'the sandbox of a strange tag'
finish
