#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --id-map IN:OUT:N,…: ids of one's own choice, which an ordinary caller needs subordinate ids for.
. "${0%/*}/harness.bash"
need newuidmap

use busybox
if [ "$as" = user ]; then
    first=$(awk -F: -v user="$(id -un)" '$1 == user { print $2; exit }' /etc/subuid)
    group=$(awk -F: -v user="$(id -un)" '$1 == user { print $2; exit }' /etc/subgid)
    [ -n "$first$group" ] || skip 'this user has no subordinate ids'
else
    first=100000 group=100000
fi
maps() { run "$@" "$image" -- sh -c 'cat /proc/self/uid_map /proc/self/gid_map | tr -s " "; id -u; id -g'; }
maps --id-map "u:0:$uid:1,g:0:$gid:1,u:1:$first:100,g:1:$group:50"
expect_output " 0 $uid 1
 1 $first 100
 0 $gid 1
 1 $group 50
0
0"
maps --id-map "u:0:$first:100,g:0:$group:100" -u 7 -g 8
expect_match $'\n7\n8$'

for value in 0:1 0:1:x 0:0:0 u:0:0:1 '' 0:0:4294967296 0:4294967295:1; do
    run --id-map "$value" "$image" -- true
    expect_error 'options: --id-map'
done
run --id-map 0:100:5,3:200:5 "$image" -- true
expect_error 'id-maps: '
if [ "$as" = user ]; then
    run --id-map "0:0:10" "$image" -- true
    expect_error 'id-maps: newuidmap.*\(are uidmap and ranges in /etc/subuid set up'
fi
