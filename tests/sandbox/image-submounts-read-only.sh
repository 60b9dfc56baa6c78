#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Read-only means the whole image: what the host has mounted below its directory is seen, and can't be
# written either; not even where an overlay makes a mount point that the image lacks.
. "${0%/*}/harness.bash"
own_mounts

use own
mount -t tmpfs -o mode=1777 none "$image/var"
mkdir -m 1777 "$image/var/deeper"
mount -t tmpfs -o mode=1777 none "$image/var/deeper"
echo seen >"$image/var/deeper/file"
echo bound >"$scratch/bound"
echo 'cat /var/deeper/file; echo more >>/var/file; echo more >>/var/deeper/file' >"$image/root/try"
chmod -R a+rX "$image"

run "$image" -- sh /root/try
expect_output seen
expect_complaint "/var/file: Read-only file system.*/var/deeper/file: Read-only file system"

run -b "$scratch/bound:/missing/file" "$image" -- sh -c 'cat /missing/file; . /root/try'
expect_output $'bound\nseen'
expect_complaint "/var/file: Read-only file system.*/var/deeper/file: Read-only file system"
expect_equal "$(cat "$image/var/deeper/file")" seen 'the file in the image'
