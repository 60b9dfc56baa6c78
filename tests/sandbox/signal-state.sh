#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The command begins with the caller's signal mask and without a handler of ours: nothing blocked,
# nothing ignored that was not so before.
. "${0%/*}/harness.bash"

use busybox
signals() { run "$@" "$image" -- grep -E '^Sig(Blk|Ign|Cgt):' /proc/self/status; }
here() { awk '$1 == "SigBlk:" || $1 == "SigIgn:"' /proc/self/status; }
for options in '' '--private pid' '--private pid --no-init' '--timeout 10' '--private all'; do
    # shellcheck disable=SC2086  # several words
    signals $options
    expect_output "$(here)"$'\nSigCgt:\t0000000000000000'
done
trap '' PIPE USR1
signals
expect_match $'\nSigIgn:\t0000000000001200\n'
signals --private pid
expect_match $'\nSigIgn:\t0000000000001200\n'
