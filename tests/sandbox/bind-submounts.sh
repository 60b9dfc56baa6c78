#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A bind brings the mounts below its source, and `ro` holds for them too; `norec` leaves them out.
. "${0%/*}/harness.bash"
own_mounts

use own
mkdir -p data/below "$image/mnt"
mount -t tmpfs -o mode=1777 none data/below
echo seen >data/below/file
touch=(touch /mnt/below/new)

run -b data:/mnt "$image" -- sh -c 'cat /mnt/below/file; touch /mnt/below/new'
expect_output seen
run -b data:/mnt:ro "$image" -- "${touch[@]}"
expect_complaint 'Read-only file system'
run --mount type=bind,src=data,dst=/mnt,ro "$image" -- "${touch[@]}"
expect_complaint 'Read-only file system'
run -b data:/mnt:noexec "$image" -- sh -c 'cp /bin/busybox /mnt/below/true; /mnt/below/true'
expect_status 126

# An ordinary user may not uncover what a mount of root's hides: the kernel refuses, and we say so.
run -b data:/mnt:norec "$image" -- ls -A /mnt/below
if [ "$as" = root ]; then
    expect_output ''
else
    expect_error 'mounts: [a-z_]+ "[^"]*data": Invalid argument \(locked mounts lie below the source'
fi
