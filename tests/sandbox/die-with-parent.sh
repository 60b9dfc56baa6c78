#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --die-with-parent: when the launcher is killed, or the process that started it ends, the command ends
# too; with a private pid namespace so does everything that it has started.
. "${0%/*}/harness.bash"

use busybox
guest daemon
for options in '--private pid' '--private pid --no-init' '--private all' '--timeout 60'; do
    # shellcheck disable=SC2086  # several words
    start --die-with-parent $options "$image" -- sh -c "$guest $scratch/alive$options; exec sleep 60 $scratch"
    await [ -s "alive$options" ]
    await pgrep -f "^sleep 60 $scratch"
    kill -KILL "$pid"
    finish
    expect_status 137
    await eval "! pgrep -f '^sleep 60 $scratch'"
    [[ $options != *pid* ]] || { sleep 0.1 && size=$(stat -c %s "alive$options") && sleep 0.1; }
    [[ $options != *pid* ]] || expect_equal "$(stat -c %s "alive$options")" "$size" 'what the daemon writes'
    pkill -KILL -f "^$guest $scratch/alive$options" || true
done

# In place: the command takes over from the launcher, so it is the launcher's parent that counts.
bash -c '"$@" & sleep 0.3; kill -KILL $$' - "$caisson" run --die-with-parent "$image" -- sleep 60 "$scratch" 2>/dev/null || true
await eval "! pgrep -f '^sleep 60 $scratch'"
