#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# IMAGE may be /: the host's own files, read-only but for what is written on purpose.
. "${0%/*}/harness.bash"

run / -- cat /etc/os-release
expect_output "$(cat /etc/os-release)"
run / -- touch /etc/caisson-was-here
expect_complaint 'Read-only file system|Permission denied'
run / -- touch "$scratch/in-tmp"
[ -e in-tmp ] || fail "the host's /tmp is not shown"
run --private all --dev minimal -t / -- sh -c 'echo /proc/[0-9]* | wc -w; ls /tmp'
expect_match '^[2-4]$'
run -b "$scratch:/mnt" / -- ls /mnt
expect_output in-tmp
