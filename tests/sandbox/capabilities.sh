#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# User 0 inside has docker's default set, anybody else nothing; --cap-add and --cap-drop change that, as
# far as the kernel counts: effective and bounding set.
. "${0%/*}/harness.bash"

use busybox
chown=0000000000000001
default=00000000a80425fb
all=$(printf %016x $(((1 << ($(cat /proc/sys/kernel/cap_last_cap) + 1)) - 1)))
# Root can give what it has, which in a container is not everything.
[ "$as" = user ] || all=$(awk '/^CapPrm/ { print $2 }' /proc/self/status)
zero=0000000000000000
has() {
    local effective=$1
    shift
    run "$@" "$image" -- awk '/^Cap(Eff|Prm)/ { print $2 }' /proc/self/status
    expect_output "$effective"$'\n'"$effective"
}
has $zero -u 1000
has $default -u 0
has $default -u 0 --private all
has "$all" -u 0 --cap-add all
has $zero -u 0 --cap-drop all
has $chown -u 0 --cap-drop all --cap-add chown
has $chown -u 0 --cap-add CAP_CHOWN --cap-drop ALL
has 00000000a80425fa -u 0 --cap-drop CHOWN
has 00000000a82425fb -u 0 --cap-add sys_admin
# Somebody else keeps what was asked for, across the command and its children.
run -u 1000 --cap-add chown,net_raw "$image" -- sh -c 'awk "/^Cap(Eff|Amb)/ { print \$2 }" /proc/self/status'
expect_output $'0000000000002001\n0000000000002001'

run --cap-add flying "$image" -- true
expect_error 'options: --cap-add "flying": there is no capability "flying"'
run --cap-drop chown,flying "$image" -- true
expect_error 'there is no capability "flying"'
