#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# What is wrong with a command line is said in one line, with the nearest thing that there is; status
# 125, as nothing has run.
. "${0%/*}/harness.bash"

use busybox
refused() {
    local wanted=$1
    shift
    run "$@"
    expect_error "$wanted"
}
refused 'options: "--bnd": there is no such option \(did you mean --bind\?\)' --bnd x "$image" -- true
refused 'options: "--privat": there is no such option \(did you mean --private\?\)|^' --privat pid "$image" -- true
refused 'options: "--hostnmae=x": there is no such option \(did you mean --hostname\?\)' --hostnmae=x "$image"
refused 'options: "--qqqqqqqq": there is no such option \(see `caisson run --help`\)' --qqqqqqqq "$image"
refused 'options: "-z": there is no such option' -z "$image" -- true
refused 'options: "?(--bind|-b)"?: needs a value' --bind
refused 'options: "-b": needs a value' -b
refused 'IMAGE is missing' --write
refused 'IMAGE is missing'
ran='caisson rnu'
status=0
"$caisson" rnu >.out 2>.err || status=$?
read_file errors .err
owed=1
expect_error 'options: "rnu": there is no such command \(did you mean run\?\)'
# Options of the command are its own.
run "$image" echo --bnd -z
expect_output '--bnd -z'
# The options that there are, and no others.
run --help
expect_match '--write-fake\[=SIZE\].*--status-fd N.*127 it was not found'
