#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# -b: a directory or file of the host's, at the same path or another, writable; a later one wins.
. "${0%/*}/harness.bash"

use own
mkdir a b "$image/mnt"
echo a >a/file
echo b >b/file
run -b "$scratch/a:/mnt" "$image" -- cat /mnt/file
expect_output a
run -b "$scratch/a:/mnt" -b "$scratch/b:/mnt" "$image" -- cat /mnt/file
expect_output b
run -b "$scratch/a:/mnt" "$image" -- sh -c 'echo written >/mnt/new'
expect_equal "$(cat a/new)" written "the host's file"

# Without a destination: the same path. A relative source begins where the caller stands.
run --private-tmp -b "$scratch/b" "$image" -- cat "$scratch/b/file"
expect_output b
run -b a:/mnt "$image" -- cat /mnt/file
expect_output a
run --private-tmp -b a "$image" -- cat "$scratch/a/file"
expect_output a

# A file on a file; the image's own is untouched.
echo image >"$image/root/file"
run -b b/file:/root/file "$image" -- cat /root/file
expect_output b
expect_equal "$(cat "$image/root/file")" image "the image's file"
