#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Abstract unix sockets of the host (its session bus or X server may be one) are out of reach with a
# private net namespace, in which no file system has a say.
. "${0%/*}/harness.bash"

use busybox
guest abstract-socket
name=caisson-test-$$
"$guest" listen "$name" >listening &
background+=("$!")
await grep -q ready listening

run "$image" -- "$guest" connect "$name"
expect_output connected
run --private net "$image" -- "$guest" connect "$name"
expect_complaint 'Connection refused'
run --private all "$image" -- "$guest" connect "$name"
expect_complaint 'Connection refused'
