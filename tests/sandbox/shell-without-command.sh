#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Without a command a shell runs.
. "${0%/*}/harness.bash"

use busybox
run "$image" <<<'echo $((6 * 7)); exit 3'
expect_status 3
expect_output 42
