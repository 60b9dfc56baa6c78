#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A pseudo terminal can be had in a minimal /dev, of an instance of its own.
. "${0%/*}/harness.bash"
need script

use debian
run --dev minimal --private all "$image" -- script -qec 'tty' /dev/null
expect_match '^/dev/pts/0'
run --dev minimal "$image" -- script -qec 'tty' /dev/null
expect_match '^/dev/pts/0'
run --dev minimal -u 0 "$image" -- script -qec 'tty; stat -c %u "$(tty)"' /dev/null
expect_match '^/dev/pts/0.*0'
