#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# No descriptor, neither the caller's nor one of our own, can be a way out as the working directory: not
# by the option, and not by a link that an evil image puts there (CVE-2024-21626).
. "${0%/*}/harness.bash"

use own
echo secret >secret
exec 9<"$scratch"
try='cat secret ../secret ../../../../../../../..'$scratch'/secret 2>/dev/null; cat /proc/self/cwd/secret 2>/dev/null'
for ((fd = 3; fd < 24; fd++)); do
    ln -sfn "/proc/self/fd/$fd" "$image/work"
    for directory in "/proc/self/fd/$fd" /work "/proc/thread-self/fd/$fd"; do
        for options in '' -W '--private pid'; do
            # shellcheck disable=SC2086  # several words
            run $options -t -c "$directory" "$image" -- sh -c "$try; ls /proc/self/cwd/../../../..$scratch"
            expect_no_match secret
            owed=''
        done
    done
done
