#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# None of the descriptors that the launcher itself opens reaches the command, however many there were,
# and also not where the caller's are passed on.
. "${0%/*}/harness.bash"

use own
mkdir data
binds=()
for ((i = 0; i < 100; i++)); do binds+=(-b "data:/made/$i"); done
list='ls /proc/self/fd | xargs'
mine=$(sh -c "$list")
for options in '' '--private all' '--private pid --no-init' -W '--dev minimal' '--timeout 9'; do
    # shellcheck disable=SC2086  # several words
    run $options "${binds[@]}" "$image" -- sh -c "$list"
    expect_output '0 1 2 3' # 3 is ls
done
for options in '' '--private all' -W; do
    # shellcheck disable=SC2086
    run --close-fds=no $options "${binds[@]}" "$image" -- sh -c "$list"
    expect_output "$mine"
done
