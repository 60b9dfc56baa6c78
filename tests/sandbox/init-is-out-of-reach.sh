#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The command can't trace process 1, nor open its memory or its executable, which is ours: a write to it
# would be run by the next caller (CVE-2019-5736).
. "${0%/*}/harness.bash"

use busybox
guest attach
before=$(cksum <"$caisson")
for options in '' '-u 0' '--id-map single' '--cap-drop all'; do
    # shellcheck disable=SC2086  # several words
    run --private pid $options "$image" -- "$guest" 1
    expect_output $'open mem: Permission denied\nptrace: Operation not permitted'
    expect_status 1
    # shellcheck disable=SC2086
    run --private all $options "$image" -- sh -c ': >>/proc/1/exe || cat /proc/1/exe'
    expect_status 1
    expect_no_match .
done
run --private pid "$image" -- sh -c 'kill -9 1; kill -STOP 1; sleep 0.1; echo alive'
expect_output alive
expect_equal "$(cksum <"$caisson")" "$before" 'the launcher'
