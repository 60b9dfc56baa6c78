#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Without an option a program of the image runs: its output, its status, its own root directory, and
# the devices, processes and temporary files that programs expect.
. "${0%/*}/harness.bash"

for kind in debian busybox; do
    use "$kind"
    run "$image" -- echo hello world
    expect_output 'hello world'

    run "$image" -- sh -c 'exit 7'
    expect_status 7

    run "$image" sh -c 'echo "no dashes"'
    expect_output 'no dashes'

    run "$image" -- sh -c 'echo gone >/dev/null && [ -d /proc/self ] && [ -d /sys/class ] && pwd'
    expect_output /

    run "$image" -- sh -c 'cd ../../.. && ls -d bin && ls -di . | tr -dc 0-9'
    expect_output "bin
$(stat -c %i "$image")"
done
