#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# `..` in a destination never leads out of the image: nothing outside it is covered or made.
. "${0%/*}/harness.bash"

use own
mkdir -p data outside "$image/mnt" "$image$scratch/outside"
echo data >data/file
before=$(listing outside)
up=../../../../../../../..
for options in '' -w -W; do
    for place in "/$up/mnt" /./mnt/../mnt/./ "/mnt/$up/mnt" "/mnt/$up/made/here" "/$up/made"; do
        # shellcheck disable=SC2086  # several words
        run $options -b "data:$place" "$image" -- cat "$place/file"
        expect_output data
    done
    # Places that exist outside; inside they may, but nothing has to be made for such a path.
    for place in "/$up$scratch/outside" "/mnt/$up$scratch/outside/new" "$scratch/outside/../outside"; do
        # shellcheck disable=SC2086
        run $options -t -b "data:$place" "$image" -- true
        [ "$status" = 0 ] || expect_error 'mounts: [a-z0-9_]+ "'
        expect_equal "$(listing outside)" "$before" "the directory outside, with $options $place"
    done
done
