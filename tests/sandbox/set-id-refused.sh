#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Only as root: the executable has to belong to somebody else
#
# Set-user-ID, caisson refuses to do anything: as told by the caller it would act for the owner.
. "${0%/*}/harness.bash"

is_static || skip 'a sanitizer ends a process like this one in its own way'
use busybox
cp "$caisson" "$scratch/caisson"
chown 65534:65534 "$scratch/caisson"
chmod 4755 "$scratch/caisson"
caisson=$scratch/caisson
for command in true none; do
    run "$image" $command
    expect_error '^caisson: start: installed set-user-ID or with file capabilities \(chmod u-s,g-s, setcap -r: '
done
run --explain "$image"
expect_error '^caisson: start: installed set-user-ID'
