#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --mount type=overlay: layers of the host's, the first on top; writes go to the upper one and stay, and
# without one there is nothing to write to.
. "${0%/*}/harness.bash"

use own
[ "$(stat -f -c %T "$scratch")" != overlayfs ] || skip 'an overlay on an overlay takes no upper directory'
mkdir -p low top upper work "$image/mnt"
echo low | tee low/file >low/both
echo top >top/both

run --mount type=overlay,lowerdir="$image/bin:low",dst=/mnt "$image" -- sh -c 'cat /mnt/both; touch /mnt/new'
expect_output low
expect_complaint 'Read-only file system'
run --mount type=overlay,src=top,lowerdir=low,dst=/mnt "$image" -- cat /mnt/file /mnt/both
expect_output $'low\ntop'

writable=type=overlay,lowerdir=top:low,upperdir=upper,workdir=work,dst=/mnt
run --mount "$writable" "$image" -- sh -c 'echo new >/mnt/both; rm /mnt/file'
expect_equal "$(cat upper/both low/both)" $'new\nlow' 'the upper and the lower file'
run --mount "$writable" "$image" -- sh -c 'cat /mnt/both; ls /mnt'
expect_output $'new\nboth'

# The kernel makes no overlay of a single layer; that is our business and not the caller's.
run --mount type=overlay,src=low,dst=/mnt "$image" -- sh -c 'cat /mnt/both; touch /mnt/new'
expect_output low
expect_complaint 'Read-only file system'
