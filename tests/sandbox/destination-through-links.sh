#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A link in the image is followed inside the image, however it is meant: a mount never lands outside
# of it, nor is a mount point made there.
. "${0%/*}/harness.bash"

use own
mkdir data outside "$image/mnt"
echo data >data/file
ln -s "$scratch/outside" "$image/absolute"
ln -s "../../../../../..$scratch/outside" "$image/relative"
ln -s absolute "$image/chained"
ln -s / "$image/top"
before=$(listing outside)
for options in '' -w -W; do
    for place in /absolute /relative /chained /absolute/new /relative/new/deep "/top$scratch/outside" "/top/../top$scratch/outside/x"; do
        # shellcheck disable=SC2086  # several words
        run $options -t -b "data:$place" "$image" -- cat "$place/file"
        # A link to what the image lacks may be refused as well; outside is never touched.
        if [ "$status" = 0 ]; then expect_output data; else expect_error 'mounts|root'; fi
        expect_equal "$(listing outside)" "$before" "the directory outside, with $options $place"
    done
done

# One that leads to a place in the image is a place like any other.
ln -s mnt "$image/inner"
run -b data:/inner "$image" -- cat /mnt/file
expect_output data
ln -s loop "$image/loop"
run -b data:/loop "$image" -- true
expect_error 'mounts: mkdir "/loop": No such file or directory \(a link on the way leads nowhere: '
run -w -b data:/loop "$image" -- true
expect_error 'mounts: [a-z0-9_]+ "/loop": Too many levels of symbolic links \('
