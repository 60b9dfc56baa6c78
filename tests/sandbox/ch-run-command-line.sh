#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Section 1.1: options are permuted up to --, prefixes are enough, and mistakes end with 64.
. "${0%/*}/harness.bash"

use busybox
ch_run "$image" -- sh -c 'echo "$0 $1"' a -c
expect_output 'a -c'
ch_run "$image" -c /tmp pwd
expect_output /tmp
ch_run "$image" pwd --cd /usr
expect_output /usr
ch_run "$image" --priv -- sh -c 'ls -A /tmp'
expect_output ''
POSIXLY_CORRECT=1 ch_run "$image" echo -c /tmp
expect_output '-c /tmp'

ch_run "$image" ls -l
expect_status 64
expect_equal "$errors" "$scratch/bin/ch-run: invalid option -- 'l'
Try \`ch-run --help' or \`ch-run --usage' for more information." 'the message'
ch_run --write=3 "$image" -- true
expect_status 64
ch_run
expect_status 1
[[ $errors == 'Usage: ch-run [OPTION...] IMAGE -- COMMAND [ARG...]'* ]] || fail 'no help'
ch_run "$image"
expect_status 31
[[ $errors == *'error: IMAGE and/or COMMAND not specified' ]] || fail 'not said what is missing'

# Nothing of it needs USER.
unset USER
ch_run --version
expect_output ''
[[ $errors =~ ^[0-9]+\.[0-9]+ ]] || fail 'no version on standard error'
ch_run --help
expect_match 'Usage: .*--write-fake'
ch_run "$image" -- true
