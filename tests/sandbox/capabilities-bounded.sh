#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Without no_new_privs a set-user-ID program could get capabilities back: the bounding set does not
# have them any more.
. "${0%/*}/harness.bash"

use busybox
bounding() { run "$@" "$image" -- awk '/^CapBnd/ { print $2 }' /proc/self/status; }
bounding --allow-new-privs -u 1000
expect_output 0000000000000000
bounding --allow-new-privs -u 0
expect_output 00000000a80425fb
bounding --allow-new-privs -u 0 --cap-drop all --cap-add kill
expect_output 0000000000000020
