#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# By default /tmp is the host's; -t gives one that is empty and ends with the run.
. "${0%/*}/harness.bash"

use busybox
echo host >file
run "$image" -- cat "$scratch/file"
expect_output host
run -t "$image" -- sh -c 'ls -A /tmp; stat -c %a /tmp; echo x >/tmp/x-of-the-guest && cat /tmp/x-of-the-guest'
expect_output $'1777\nx'
[ ! -e /tmp/x-of-the-guest ] || fail "the guest's file is in the host's /tmp"
