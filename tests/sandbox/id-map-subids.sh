#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --id-map subids: the caller is 0 inside and has all its subordinate ids from 1 on, so that files of
# several users can be made; the host sees them as those ids.
. "${0%/*}/harness.bash"
need newuidmap

use own
first=$(awk -F: -v user="$(id -un)" '$1 == user { print $2; exit }' /etc/subuid)
[ -n "$first" ] || first=$(awk -F: -v user="$uid" '$1 == user { print $2; exit }' /etc/subuid)
if [ -z "$first" ]; then
    run --id-map subids "$image" -- true
    expect_error 'id-maps: --id-map "/etc/subuid": has no range for this user \(usermod'
    exit 0
fi
run --id-map subids "$image" -- sh -c 'id -u; id -g; grep -c . /proc/self/uid_map'
expect_output $'0\n0\n2'
run -w --id-map subids "$image" -- sh -ec 'touch /root/a /root/b; chown 5:6 /root/b; stat -c %u:%g /root/a /root/b'
expect_output $'0:0\n5:6'
expect_equal "$(stat -c %u "$image/root/a" "$image/root/b")" "$uid
$((first + 4))" 'the owners on the host'
run --id-map subids -u 5 -g 6 "$image" -- sh -c 'id -u; id -g; id -G'
expect_output $'5\n6\n6'
run --private all --id-map subids "$image" -- id -u
expect_output 0
