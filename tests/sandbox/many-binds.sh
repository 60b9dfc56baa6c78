#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Ten thousand binds, with an ordinary limit on open files. (It prints how long they took.)
. "${0%/*}/harness.bash"

use own
mkdir data
echo data >data/file
binds=()
for ((i = 0; i < 10000; i++)); do binds+=(-b "data:/mnt/$i"); done
ulimit -Sn 256
began=$EPOCHREALTIME
run --tmpfs /mnt "${binds[@]}" "$image" -- cat /mnt/0/file /mnt/9999/file
echo "10,000 binds: $(bc <<<"($EPOCHREALTIME - $began) * 1000 / 1") ms"
expect_output $'data\ndata'
began=$EPOCHREALTIME
run "${binds[@]:0:4000}" "$image" -- cat /mnt/0/file /mnt/1999/file
echo "2,000 binds on missing places: $(bc <<<"($EPOCHREALTIME - $began) * 1000 / 1") ms"
expect_output $'data\ndata'
