#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --hostname: a name of the sandbox's own. Without a namespace for it that would rename the host, or do
# nothing: an error.
. "${0%/*}/harness.bash"

use busybox
before=$(uname -n)
run --private uts --hostname inside "$image" -- hostname
expect_output inside
run --private uts "$image" -- hostname
expect_output "$before"
run --hostname inside "$image" -- true
expect_error 'hostname: needs (namespaces.uts|--private uts)'
run --private uts --hostname "$(printf 'x%.0s' {1..65})" "$image" -- true
expect_error 'hostname: is longer than 64 bytes'
expect_equal "$(uname -n)" "$before" "the host's name"
