#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --file-fd: a copy on a descriptor that nobody can change, whatever becomes of the file; also as standard
# input, under high numbers, and beside descriptors that the launcher needs for itself.
. "${0%/*}/harness.bash"

use busybox
echo content >file
run --file-fd 5=file "$image" -- sh -c 'cat <&5; cat /proc/self/fd/5; readlink /proc/self/fd/5'
expect_output $'content\ncontent\n/memfd:caisson (deleted)'
run --file-fd 5=file "$image" -- sh -c 'echo more >>/proc/self/fd/5'
expect_complaint 'not permitted'
run --file-fd 0=file "$image" -- cat
expect_output content

# Whatever numbers are free, and with many mounts, which need many descriptors.
head -c 3000000 /dev/zero >large
many=()
for ((i = 0; i < 100; i++)); do many+=(-b /tmp); done
for options in '' '--private pid' '--timeout 60 --die-with-parent' '--lock-mounts'; do
    # shellcheck disable=SC2086  # several words
    run $options "${many[@]}" --file-fd 9=large --file-fd 3=file --file-fd 4=file --file-fd 5=file \
        --file-fd 6=file --file-fd 7=large "$image" -- sh -c 'cat <&3; wc -c <&7; cat <&5; cat /proc/self/fd/6; wc -c <&9'
    expect_output $'content\n3000000\ncontent\ncontent\n3000000'
done
run --file-fd 5=missing "$image" -- true
expect_error 'stdio: open "missing": No such file or directory \(what --file-fd copies'
run --file-fd 5=file --file-fd 5=file "$image" -- true
expect_error 'spec: descriptor_files: descriptor 5 is given twice'
run --file-fd x=file "$image" -- true
expect_error 'options: --file-fd "x=file": is no descriptor.s number'
