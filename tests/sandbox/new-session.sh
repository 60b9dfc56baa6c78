#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --new-session: no controlling terminal, so nothing can be typed into it (TIOCSTI, CVE-2017-5226).
. "${0%/*}/harness.bash"
need script

use busybox
guest push-input
on_terminal() { script --quiet --return --command "'$caisson' run $* '$image' -- $guest" /dev/null | tr -d '\r'; }
for options in --new-session '--new-session --private pid' '--new-session --private all --no-init' '--new-session --timeout 9'; do
    output=$(on_terminal "$options")
    expect_match 'stdin: (Operation not permitted|Input/output error|Inappropriate ioctl)'
    expect_match '/dev/tty: No such device or address'
    expect_no_match pushed
done
# Without it the terminal is there, for better or worse.
output=$(on_terminal)
expect_match '/dev/tty: open'

run --new-session "$image" -- sh -c 'cut -d " " -f 5,6 /proc/self/stat; cut -d " " -f 6 /proc/$$/stat; echo $$'
expect_match $'\n([0-9]+)\n[0-9]+$'
expect_equal "$(sed -n 2p <<<"$output")" "$(sed -n 3p <<<"$output")" 'the session of the command'
