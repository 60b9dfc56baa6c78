#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --die-with-parent: when the launcher is killed, or the process that started it ends, the command ends
# too; with a private pid namespace so does everything that it has started.
. "${0%/*}/harness.bash"

use busybox
guest daemon
command="sleep 6$$"
ended() { ! pgrep -xf "$command"; }
for options in '--private pid' '--private pid --no-init' '--private all' '--private pid --timeout 60'; do
    rm -f alive
    # shellcheck disable=SC2086  # several words
    start --die-with-parent $options "$image" -- sh -c "$guest $scratch/alive; $command"
    await [ -s alive ]
    await pgrep -xf "$command"
    kill -KILL "$pid"
    finish
    expect_status 137
    await ended
    size=$(stat -c %s alive)
    sleep 0.1
    expect_equal "$(stat -c %s alive)" "$size" 'the size of what the daemon writes'
done

start --die-with-parent --timeout 60 "$image" -- sh -c "exec $command"
await pgrep -xf "$command"
kill -KILL "$pid"
await ended
finish
expect_status 137
# In place the command has taken over from the launcher, so it is the launcher's parent that counts.
bash -c '"$@" & sleep 0.3; kill -KILL $$' - "$caisson" run --die-with-parent "$image" -- sh -c "exec $command" || true
await ended
