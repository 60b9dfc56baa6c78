#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# -w: writes go to the image itself, and nowhere else.
. "${0%/*}/harness.bash"

use own
run -w "$image" -- sh -c 'echo kept >/root/file; mkdir -p /new/dir'
expect_equal "$(cat "$image/root/file")" kept 'the file'
[ -d "$image/new/dir" ] || fail 'the directory is not in the image'
expect_equal "$(stat -c '%u:%g' "$image/root/file")" "$uid:$gid" 'its owner'

run --write "$image" -- cat /root/file
expect_output kept

# Without it, the same image refuses.
run "$image" -- sh -c 'echo more >>/root/file'
expect_complaint 'Read-only file system'
