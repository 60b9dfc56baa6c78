#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# -b SRC:DST:OPTS: each option holds inside.
. "${0%/*}/harness.bash"

use own
mkdir data "$image/mnt"
printf '#!/bin/sh\necho ran\n' >data/program
chmod +x data/program
at_mnt() { run -b "data:/mnt$1" "$image" -- "${@:2}"; }

at_mnt :ro touch /mnt/new
expect_complaint 'Read-only file system'
at_mnt :rw touch /mnt/new
at_mnt :ro,rw touch /mnt/new
at_mnt :noexec /mnt/program
expect_status 126
at_mnt '' /mnt/program
expect_output ran
at_mnt :ro,nosuid,nodev,noexec grep ' /mnt ' /proc/self/mountinfo
expect_match ' /mnt ro,nosuid,nodev,noexec'

at_mnt :wrong true
expect_error 'options: --bind "data:/mnt:wrong": unknown option "wrong" \(options are ro, rw, try'
run -b data:/mnt:ro:ro "$image" -- true
expect_error 'more than two colons'
run -b data: "$image" -- true
expect_error 'no destination'
run -b '' "$image" -- true
expect_error 'no source'
