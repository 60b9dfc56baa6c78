#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# With a private net namespace there is a loopback interface that is up, and no other.
. "${0%/*}/harness.bash"

use busybox
run --private net "$image" -- sh -c 'tail -n +3 /proc/net/dev | cut -d : -f 1 | tr -d " "; ping -c 1 -w 2 127.0.0.1 >/dev/null 2>&1; ip addr show lo'
expect_match '^lo'
expect_match 'LOOPBACK,UP.*127\.0\.0\.1'
run --private net "$image" -- sh -c 'echo served | nc -l -p 7777 >/dev/null & sleep 0.2; nc -w 2 127.0.0.1 7777 </dev/null'
expect_output served
run --private net "$image" -- nc -w 1 192.0.2.1 80
expect_complaint 'Network is unreachable'
