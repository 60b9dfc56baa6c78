#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --explain prints what a run would do, line by line, and does none of it; so does `caisson plan run`.
. "${0%/*}/harness.bash"

use own
mkdir data
before=$(listing "$image")
run --explain -w --private all --hostname inside -b data:/made -c /made --rlimit core=0 "$image" -- touch /made/file
expect_match 'bind [^ ]*/data at /made, making the directory if missing'
expect_match 'host name inside'
expect_match 'working directory /made'
expect_match 'no new privileges'
expect_match 'touch'
expect_equal "$(listing "$image")$(ls -A data)" "$before" 'the image'
plan=$output
output=$("$caisson" plan run -w --private all --hostname inside -b data:/made -c /made --rlimit core=0 "$image" -- touch /made/file)
expect_output "$plan"

# What is wrong is said here, too.
run --explain --hostname inside "$image"
expect_error 'hostname: needs'
ran='caisson plan'
"$caisson" plan >/dev/null 2>.err && fail 'no command, no error'
grep -q '^caisson: options: plan needs a command' .err || fail 'no message'
