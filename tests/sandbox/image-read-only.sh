#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The image is read-only, whoever writes and whatever the directory's mode.
. "${0%/*}/harness.bash"

for kind in debian busybox; do
    use "$kind"
    for path in /new /etc/new /usr/new /var/new; do
        run "$image" -- touch "$path"
        expect_complaint 'Read-only file system'
    done
    run "$image" -- rm /bin/sh
    expect_complaint 'Read-only file system'
    run "$image" -- chmod 777 /
    expect_complaint 'Read-only file system'
done
