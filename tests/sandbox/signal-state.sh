#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The command begins with the caller's signal mask and without a handler of ours: nothing blocked,
# nothing ignored that was not so before.
. "${0%/*}/harness.bash"

use busybox
wanted=$(grep -E '^Sig(Blk|Ign|Cgt):' /proc/self/status)
for options in '' '--private pid' '--private pid --no-init' '--timeout 10' '--status-fd 2'; do
    # shellcheck disable=SC2086  # several words
    run $options "$image" -- grep -E '^Sig(Blk|Ign|Cgt):' /proc/self/status
    expect_output "$wanted"
    owed=''
done
trap '' PIPE
run "$image" -- grep '^SigIgn:' /proc/self/status
expect_match '1000$'
