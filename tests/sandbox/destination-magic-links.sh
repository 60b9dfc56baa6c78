#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A link into /proc, whose links lead wherever a process stands, is no way out for a destination.
. "${0%/*}/harness.bash"

use own
mkdir data outside
echo data >data/file
before=$(listing outside)
for target in /proc/self/root /proc/1/root /proc/self/cwd /proc/thread-self/root "/proc/$$/cwd"; do
    ln -sfn "$target" "$image/magic"
    for options in '' -W; do
        for place in "/magic$scratch/outside" /magic/outside /magic/new "$target/outside" "$target$scratch/outside"; do
            # shellcheck disable=SC2086  # several words
            run $options -t -b "data:$place" "$image" -- true
            expect_error '(mounts|root): [a-z0-9_]+ "'
            expect_equal "$(listing outside)" "$before" "outside, with $options $place to $target"
        done
    done
done
