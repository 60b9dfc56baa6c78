#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --tmpfs: an empty, writable directory of a size and mode; what is in it is gone at the end.
. "${0%/*}/harness.bash"

use busybox
run --tmpfs /var "$image" -- sh -c 'ls -A /var; echo x >/var/file; cat /var/file; stat -c %a /var'
expect_output $'x\n1777'
run --tmpfs /var:size=1m,mode=750 "$image" -- sh -c 'stat -c %a /var; dd if=/dev/zero of=/var/file bs=64k count=32'
expect_match '^750$'
expect_complaint 'No space left on device'
run --tmpfs /var:ro,noexec "$image" -- sh -c 'grep " /var " /proc/self/mountinfo; touch /var/file'
expect_match ' /var ro,nosuid,nodev,noexec'
expect_complaint 'Read-only file system'
run --tmpfs /var "$image" -- grep ' /var ' /proc/self/mountinfo
expect_match ' /var rw,nosuid,nodev'
run --tmpfs /var:suid,dev "$image" -- grep ' /var ' /proc/self/mountinfo
expect_no_match ' /var [^ ]*nosuid'

run --tmpfs /var:mode=999 "$image" -- true
expect_error 'options: --tmpfs "/var:mode=999": a mode is octal'
run --tmpfs relative "$image" -- true
expect_error 'relative": must be absolute'
