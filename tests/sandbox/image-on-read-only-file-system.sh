#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# An image on a file system that is read-only itself, or noexec, nosuid, nodev: it runs as far as that
# lets it, mount points are made over it, and -W writes.
. "${0%/*}/harness.bash"
own_mounts

use own
mount --bind "$image" "$image"
mount -o remount,bind,ro,nosuid,nodev "$image"
mkdir data
run "$image" -- echo ran
expect_output ran
run -b data:/made "$image" -- touch /made/file
run -W "$image" -- sh -c 'echo written >/file; cat /file'
expect_output written
run -w "$image" -- touch /file
expect_complaint 'Read-only file system'
run -w -b data:/missing "$image" -- true
expect_error 'mounts: [a-z0-9_]+ "/missing": Read-only file system \(the place is missing, and its directory is read-only\)'

mount -o remount,bind,ro,noexec "$image"
for options in '' '-w' '--private all'; do
    # shellcheck disable=SC2086  # several words
    run $options "$image" -- true
    expect_status 126
    expect_error 'exec: execve "true": Permission denied \(not executable for this user, or on a noexec mount\)'
done
