#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# With a private pid namespace comes a /proc of its own: the host's processes are not in it, and none of
# them can be reached.
. "${0%/*}/harness.bash"

for kind in busybox debian; do
    use "$kind"
    run --private pid "$image" -- sh -c 'echo $$; for p in /proc/[0-9]*; do echo ${p#/proc/}; done | sort -n | head -n 2 | xargs'
    expect_output $'2\n1 2'
    run --private pid "$image" -- sh -c "kill -0 $$"
    expect_complaint 'No such process'
    run --private pid "$image" -- grep ' /proc ' /proc/self/mountinfo
    expect_match ' /proc rw,nosuid,nodev,noexec'
done
run --private pid --no-init "$image" -- sh -c 'echo $$'
expect_output 1

# Without one the host's are seen, by the same numbers.
run "$image" -- sh -c "[ -d /proc/$$ ] && kill -0 $$"
