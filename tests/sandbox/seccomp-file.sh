#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --seccomp installs a filter that was compiled elsewhere, from a file, a pipe or standard input, and
# refuses what is none.
. "${0%/*}/harness.bash"

use busybox
# Three of struct sock_filter: code, jt, jf, k. mkdir (83) and mkdirat (258) are refused with EDOM (33).
statement() { printf '\\x%02x\\x00\\x%02x\\x%02x\\x%02x\\x%02x\\x%02x\\x%02x' "$@"; }
program=$(statement 0x20 0 0 0 0 0 0; statement 0x15 1 0 83 0 0 0; statement 0x15 0 1 2 1 0 0
    statement 0x06 0 0 33 0 5 0; statement 0x06 0 0 0 0 0xff 0x7f)
# shellcheck disable=SC2059  # the escapes are the program
printf "$program" >filter
refusal='mkdir: .*(Numerical|Domain|domain)'
run --seccomp filter "$image" -- mkdir /tmp/caisson-never-made
expect_complaint "$refusal"
run --seccomp=- "$image" -- mkdir /tmp/caisson-never-made <filter
expect_complaint "$refusal"
run --fake-root --seccomp <(cat filter) "$image" -- mkdir /tmp/caisson-never-made
expect_complaint "$refusal"
run --seccomp filter "$image" -- ls -d /tmp
expect_output /tmp

run --seccomp /dev/null "$image" -- true
expect_error 'seccomp: "/dev/null": an empty seccomp filter \(a compiled program is wanted, not its source\)'
run --seccomp /dev/zero "$image" -- true
expect_error 'seccomp: "/dev/zero": no seccomp filter: not a multiple of 8 bytes'
run --seccomp /bin/busybox "$image" -- true
expect_error 'no seccomp filter'
head -c 80 /dev/zero >zeros
run --seccomp zeros "$image" -- true
expect_error 'seccomp: seccomp "filter": Invalid argument \(the kernel does not take this as a seccomp filter\)'
run --seccomp missing "$image" -- true
expect_error 'seccomp: open "missing": No such file or directory'
