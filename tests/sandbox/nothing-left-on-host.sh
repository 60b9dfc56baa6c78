#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A run leaves no file behind: not in /tmp, not in shared memory, not in the image; neither one that
# went well, nor one that failed half way.
. "${0%/*}/harness.bash"
own_mounts

use own
cp "$caisson" caisson
caisson=$scratch/caisson
mount --bind "$scratch" /mnt
mount -t tmpfs -o mode=1777 none /tmp
mkdir "$scratch"
mount --bind /mnt "$scratch"
mount -t tmpfs -o mode=1777 none /dev/shm
cd "$scratch"
before=$(listing "$image")
for options in '' -W '--private all' '--dev minimal --private ipc' '-b /etc:/made/for/it' \
    '--tmpfs /made' '--mount type=bind,src=/nonesuch,dst=/root' '-b /etc:/made -c /nonesuch'; do
    # shellcheck disable=SC2086  # several words
    run $options "$image" -- true
    owed=''
    expect_equal "$(ls -A /tmp)" "${scratch##*/}" "/tmp after $options"
    expect_equal "$(ls -A /dev/shm)" '' "/dev/shm after $options"
    expect_equal "$(listing "$image")" "$before" "the image after $options"
done
