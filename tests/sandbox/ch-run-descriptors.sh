#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# ch-run passes on what its caller has open, as MPI's launchers need it, and nothing of its own.
. "${0%/*}/harness.bash"

use busybox
# What the test's own caller has left open does not count.
for fd in /proc/$$/fd/*; do
    [[ ${fd##*/} =~ ^([012]|255)$ ]] || eval "exec ${fd##*/}>&-"
done
echo content >file
ch_run "$image" -- cat /dev/fd/7 7<file
expect_output content
ch_run "$image" -- sh -c 'cd /proc/self/fd && for fd in *; do readlink "$fd"; done | grep -v -e pipe: -e /dev/null -e "^/proc" -e "/\.\(out\|err\)$"' 7<file
expect_output "$scratch/file"
