#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --timeout: a command that does not heed SIGTERM is killed after ten seconds of grace. (Slow: those ten
# seconds are what is tested.)
. "${0%/*}/harness.bash"

use busybox
guest daemon
before=$SECONDS
run --private pid --timeout 0.2 "$image" -- sh -c "trap '' TERM; $guest $scratch/alive; sleep 60; sleep 60"
expect_status 124
took=$((SECONDS - before))
if [ "$took" -lt 9 ] || [ "$took" -gt 20 ]; then fail "it took $took seconds"; fi
