#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Section 1.10: what -v and -q print, and what the command may.
. "${0%/*}/harness.bash"

use busybox
ch_run --test=log
expect_equal "$(sed -E 's/^ch-run\[[0-9]+\]: //' <<<"$errors")" 'info
warning: warning
reprinting first 1 warning(s)
warning: warning' 'the messages'
ch_run -vvv --test=log-fail
expect_status 31
[[ $errors == *': trace'*': debug'*'the program failed inexplicably ("log-fail" specified)'* ]] || fail 'not all levels'
ch_run -qq --warnings=3
expect_equal "$errors" '' 'the messages'
ch_run --color=always --warnings=1
[[ $errors == $'\e['*'this is warning 1!'*$'\e[0m'* ]] || fail 'no colour'

ch_run -v "$image" -- true
for line in 'verbosity: 1' "image: $image" "newroot: $image" "container uid: $uid" 'executing: true'; do
    grep -qE "^ch-run\\[[0-9]+\\]: $line\$" <<<"$errors" || fail "no line: $line"
done
[[ $errors != *pivot* ]] || fail 'the plan, at -v'
ch_run -vv "$image" -- true
[[ $errors == *pivot* ]] || fail 'no plan at -vv'

both=(-- sh -c 'echo out; echo err >&2')
ch_run -q "$image" "${both[@]}"
expect_equal "$output/$errors" out/err 'with -q'
ch_run -qq "$image" "${both[@]}"
expect_equal "$output/$errors" /err 'with -qq'
ch_run -qqq "$image" "${both[@]}"
expect_equal "$output/$errors" / 'with -qqq'
ch_run -qqq "$image" -- nonexistent
expect_status 49
[[ $errors == *"can't execvpe(3): nonexistent"* ]] || fail 'the failure is not said'
