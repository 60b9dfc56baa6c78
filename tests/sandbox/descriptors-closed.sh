#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The command gets 0, 1 and 2 and what was named, whatever else the caller had open: a secret file, or
# a directory, which would be a way out.
. "${0%/*}/harness.bash"

use busybox
echo secret >secret
exec 5<secret 9<"$scratch" 17<secret 18>status 200<"$scratch"
for options in '' '-W' '--private all' '--private pid --no-init' '--timeout 60' '--status-fd 18' '--trace trace.json'; do
    # shellcheck disable=SC2086  # several words
    run $options "$image" -- sh -c 'ls /proc/self/fd | xargs; cat <&5; ls /proc/self/fd/9/.'
    expect_no_match 'secret'
    expect_equal "$(head -n 1 <<<"$output" | cut -d ' ' -f 1-4)" '0 1 2 3' 'the open descriptors' # 3 is ls
    owed=''
done
run --keep-fd 5 "$image" -- cat /proc/self/fd/5
expect_output secret
run --private all --keep-fd 5 --keep-fd 200 "$image" -- sh -c 'ls /proc/self/fd | sort -n | xargs'
expect_output '0 1 2 3 5 200'
run --keep-fd 1 "$image" -- echo kept
expect_output kept
run --keep-fd 77 "$image" -- true
expect_error 'options: --keep-fd "77": is not an open descriptor'
run --keep-fd x "$image" -- true
expect_error "options: --keep-fd \"x\": is no descriptor's number"
run --close-fds=no "$image" -- sh -c 'cat <&5'
expect_output secret
