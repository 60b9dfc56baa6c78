#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The host's TMPDIR is the guest's /tmp, and the guest has no TMPDIR. One that cannot be used is named;
# with a private /tmp it is not asked for.
. "${0%/*}/harness.bash"

use busybox
mkdir mine
echo kept >mine/file
export TMPDIR=$scratch/mine
run "$image" -- sh -c 'cat /tmp/file; echo "${TMPDIR-unset}"; echo new >/tmp/new; cat /proc/self/mountinfo'
expect_match $'^kept\nunset\n'
expect_equal "$(cat mine/new)" new 'what the guest has written'
expect_equal "$(ls mine)" $'file\nnew' 'the directory'
TMPDIR=$scratch/mine/ run -b "$scratch":/root "$image" -- cat /tmp/file /root/mine/file
expect_output $'kept\nkept'
run -t "$image" -- ls -A /tmp
expect_output ''

# unusable VALUE REASON
unusable() {
    TMPDIR=$1 run "$image" -- true
    expect_error "options: TMPDIR \"$1\": $2 \(it is shown as /tmp: unset it, or use --private-tmp\)"
    TMPDIR=$1 run -t "$image" -- true
}
unusable "$scratch/nonesuch" "can't be found"
unusable "$scratch/mine/file" 'is not a directory'
unusable mine 'must be absolute'
TMPDIR='' run "$image" -- test -d "$scratch/mine"
