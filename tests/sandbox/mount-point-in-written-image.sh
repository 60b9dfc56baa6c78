#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Where the tree can be written, missing mount points are made: in the image with -w, nowhere that
# lasts with -W, and in a tmpfs of the sandbox.
. "${0%/*}/harness.bash"

use own
echo bound >file
mkdir data
echo data >data/file
before=$(listing "$image")
run -W -b file:/a/b/file -b data:/c/d "$image" -- cat /a/b/file /c/d/file
expect_output $'bound\ndata'
run --tmpfs /var -b file:/var/x/y -b data:/var/z "$image" -- cat /var/x/y /var/z/file
expect_output $'bound\ndata'
expect_equal "$(listing "$image")" "$before" 'the image'

run -w -b file:/a/b/file -b data:/c/d "$image" -- cat /a/b/file /c/d/file
expect_output $'bound\ndata'
expect_equal "$(stat -c '%F %s' "$image/a/b/file")" 'regular empty file 0' 'the made mount point'
expect_equal "$(ls -A "$image/c/d")" '' 'the made directory'
