#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The host's hosts, resolv.conf and machine-id are seen where the image has a place for them, and can't
# be written, whatever the kernel thinks of a read-only bind.
. "${0%/*}/harness.bash"

use own
for file in hosts resolv.conf machine-id passwd group; do
    echo image >"$image/etc/$file"
done
for file in hosts resolv.conf machine-id; do
    [ -s "/etc/$file" ] || continue
    run "$image" -- cat "/etc/$file"
    expect_output "$(cat "/etc/$file")"
done
for file in hosts resolv.conf machine-id passwd group; do
    [ -e "/etc/$file" ] || continue
    run -w "$image" -- sh -c "grep ' /etc/$file ' /proc/self/mountinfo; echo more >>/etc/$file"
    expect_match " /etc/$file ro,"
    expect_complaint 'Read-only file system|Permission denied'
    expect_equal "$(cat "$image/etc/$file")" image "the image's own $file"
done

# An image that lacks them has no place to show them, and that is no error.
rm "$image"/etc/*
run "$image" -- ls /etc
expect_output ''
