#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --join-env: what the first one's options and image did to the environment is done for the others too, and
# what a launcher gave to each stays its own.
. "${0%/*}/harness.bash"

use busybox
export PMI_RANK=0 KEPT=outside LOST=outside
start --join-tag "env-$$" --set-env=MINE=first --set-env=KEPT=changed --unset-env=LOST "$image" -- sleep 60
background+=("$pid")
owed=''
await grep -q "//env-$$\$" /proc/net/unix
later=(--join-tag "env-$$" "$image" -- sh -c 'echo "$PMI_RANK $MINE $KEPT ${LOST-unset} $OWN"')
PMI_RANK=7 run --set-env=OWN=x "${later[@]}"
expect_output '7  outside outside x'
PMI_RANK=7 run --join-env --set-env=OWN=x "${later[@]}"
expect_output '7 first changed unset x'
run --join-env "$image"
expect_error 'options: --join-env: needs --join'
