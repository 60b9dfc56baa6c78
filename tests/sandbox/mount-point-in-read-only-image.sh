#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Missing mount points in a read-only image are made in an overlay: the image is never written, and
# what else it shows stays read-only.
. "${0%/*}/harness.bash"

echo bound >file
mkdir data
echo data >data/file
for kind in own debian; do
    use "$kind"
    before=$(listing "$image")
    run -b file:/a/b/file -b data:/c/d --tmpfs /e --mount type=devpts,dst=/f/g "$image" -- \
        sh -c 'cat /a/b/file /c/d/file; ls /f/g; touch /e/x; touch /a/new; touch /etc/new; touch /c/new'
    expect_output $'bound\ndata\nptmx'
    expect_complaint '/a/new.*Read-only.*/etc/new.*Read-only.*/c/new.*Read-only'
    expect_equal "$(listing "$image")" "$before" 'the image'
done
# A file's place that is a directory, and a directory's that is a file, are refused.
use own
run -b file:/etc "$image" -- true
expect_error 'mounts: [a-z_]+ "/etc": .* \(a directory can.t be bound on a file'
run -b data:/bin/busybox "$image" -- true
expect_error 'mounts: [a-z_]+ "/bin/busybox": .* \(a directory can.t be bound on a file'
