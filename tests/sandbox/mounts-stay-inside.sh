#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# What a sandbox mounts never shows on the host, though the host's mounts be shared with their like.
# Only as root: an ordinary user's mount namespace can't be a peer of the host's.
. "${0%/*}/harness.bash"
own_mounts

use own
mount --make-rshared /
mount -t tmpfs none "$image/var"
mount --make-shared "$image/var"
table() { cut -d ' ' -f 5 /proc/self/mountinfo; }
before=$(table)
for options in '' -w -W '--private all' '-b /etc:/var' '-w -b /etc:/var' '--tmpfs /made' '--dev minimal'; do
    # shellcheck disable=SC2086  # several words
    run $options "$image" -- true
    expect_equal "$(table)" "$before" "the host's mount table with $options"
done

# Neither does what a capable program mounts later.
run -w --cap-add all "$image" -- mount -t tmpfs none /var
expect_equal "$(table)" "$before" "the host's mount table after a mount inside"
