#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --unset-env takes extended globs, --clear-env everything but what a program can't do without; both and
# --set-env act in the order in which they stand.
. "${0%/*}/harness.bash"

use busybox
export ONE_A=1 ONE_B=1 TWO=2 TERM=dumb
show() { run "$@" "$image" -- sh -c 'echo "$ONE_A,$ONE_B,$TWO"'; }
show
expect_output 1,1,2
show --unset-env ONE_A
expect_output ,1,2
show --unset-env 'ONE_*'
expect_output ,,2
show --unset-env '!(TWO|PATH)'
expect_output ,,2
show --unset-env '@(ONE_[!A]|TWO)'
expect_output 1,,
show --unset-env 'ONE*' --set-env=ONE_A=new
expect_output new,,2
show --set-env=ONE_A=new --unset-env 'ONE*'
expect_output ,,2
show --unset-env ''
expect_error 'options: --unset-env: ?.*must not be empty'

run --clear-env "$image" -- env
expect_equal "$(cut -d = -f 1 <<<"$output" | sort | grep -vxE 'PWD|SHLVL' | xargs)" 'HOME PATH TERM' 'what is left'
run --clear-env --set-env=ONE_A=new "$image" -- sh -c 'echo "$ONE_A,$TWO"'
expect_output new,
