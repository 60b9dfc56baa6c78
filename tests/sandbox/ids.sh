#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# -u and -g: who the command is inside; on the host an ordinary caller stays who it is.
. "${0%/*}/harness.bash"

use busybox
run "$image" -- sh -c 'id -u; id -g'
expect_output "$uid
$gid"
run -u 0 -g 0 "$image" -- sh -c 'id -u; id -g'
expect_output $'0\n0'
run --uid 1234 --gid 5678 "$image" -- sh -c 'id -u; id -g'
expect_output $'1234\n5678'

if [ "$as" = user ]; then
    run -u 0 "$image" -- touch "$scratch/file"
    expect_equal "$(stat -c %u file)" "$uid" 'the owner of a file made as user 0'
else
    # Nothing of root is left to somebody else, its groups least of all.
    run -u 1234 "$image" -- sh -c 'id -G; grep -E "^(CapPrm|CapEff|CapInh|CapAmb)" /proc/self/status | grep -c 0000000000000000'
    expect_output $'1234\n4'
    chmod 777 .
    run -u 1234 "$image" -- touch "$scratch/file"
    expect_equal "$(stat -c %u:%g file)" 1234:1234 'the owner of a file made as user 1234'
fi

for value in 4294967295 4294967296 -1 abc '' 1x 99999999999999999999; do
    run -u "$value" "$image" -- true
    expect_error "options: --uid.*: is no id: a number from 0 to 4294967294"
    run -g "$value" "$image" -- true
    expect_error "options: --gid"
done
run -u 4294967294 "$image" -- id -u
expect_output 4294967294
