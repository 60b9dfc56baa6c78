#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The small init of a private pid namespace adopts what the command leaves and reaps it: no zombies.
. "${0%/*}/harness.bash"

use busybox
orphans='for i in 1 2 3 4 5; do (sleep 0.05 &); done; sleep 0.3; grep -l "^State:.*Z" /proc/[0-9]*/status; cat /proc/1/task/1/children | wc -w'
run --private pid "$image" -- sh -c "$orphans"
expect_output 1

run --private pid "$image" -- sh -c 'cat /proc/1/comm; (sleep 0.2; cat /proc/self/stat | cut -d " " -f 4) & exec sleep 0.5'
expect_match 'caisson'
