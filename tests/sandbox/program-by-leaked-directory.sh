#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A descriptor of the caller's leads no program in, either: an image's link to one that is open would run
# a file of the host's (compare CVE-2024-21626).
. "${0%/*}/harness.bash"

use own
mkdir host
cp "$image/bin/busybox" host/echo
exec 9<host
ln -sf /proc/self/fd/9/echo "$image/bin/echo"
for options in '' '--private all' '--private pid --no-init' '-W'; do
    for program in echo /bin/echo /proc/self/fd/9/echo; do
        # shellcheck disable=SC2086  # several words
        run -t $options "$image" -- "$program" from the host
        expect_no_match 'from the host'
        owed=''
    done
done
