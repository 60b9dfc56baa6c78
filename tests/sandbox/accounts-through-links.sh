#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# An image whose /etc/passwd is a link that points at a file of the host has the generated one shown
# at that path inside, and the host's file stays as it is.
. "${0%/*}/harness.bash"

use own
echo host >"$scratch/precious"
ln -s "../../../../../..$scratch/precious" "$image/etc/passwd"
ln -s "$scratch/precious" "$image/etc/group"
mkdir -p "$image$scratch"
echo image >"$image$scratch/precious"

run --private-tmp "$image" -- true
run "$image" -- true
run -w "$image" -- true
run -W "$image" -- true
expect_equal "$(cat "$scratch/precious")" host "the host's file"
expect_equal "$(cat "$image$scratch/precious")" image "the image's file"
