#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Only as user: Charliecloud maps root as it maps anybody.
# The same command lines through both. What is meant to differ stands in each: our exit status, where
# it is not theirs, and a sed script for their message.
# shellcheck disable=SC2086  # several words each
. "${0%/*}/harness.bash"

theirs=/usr/bin/ch-run
[[ -x $theirs && $(USER=x "$theirs" --version 2>&1) == 0.31* ]] || skip 'needs Charliecloud 0.31'
use debian
export USER=${USER:-somebody}
mkdir -p bin && ln -s "$caisson" bin/ch-run
normal() { sed -E 's/^(ch-run)\[[0-9]+\]/\1/; s/ \([^()]*\)$//; s,^[^ ]*/ch-run:,ch-run:,'; }  # no process, path, place, hint

same() {
    local wanted=$1 script=$2 their_status=0 our_status=0
    ran="ch-run ${*:3}"
    "$theirs" "${@:3}" >their.out 2>their.err || their_status=$?
    bin/ch-run "${@:3}" >our.out 2>our.err || our_status=$?
    [ "$wanted" != theirs ] || wanted=$their_status
    expect_equal "$our_status" "$wanted" 'our status'
    cmp -s their.out our.out || fail "they print $(tail -c 300 their.out), we $(tail -c 300 our.out)"
    expect_equal "$(normal <our.err)" "$(normal <their.err | sed -E "$script")" 'our message'
}

ids=(sh -c 'id; grep -v "^root" /etc/passwd; sort /etc/group; pwd; echo "$CH_RUNNING $PATH"; exit 3')
for options in '' '-u 0 -g 0' '-u 1234 -g 4321' '-u 65534' '--uid 3 --no-passwd' '-c /usr' '-t' '-w'; do
    same theirs '' $options "$image" -- "${ids[@]}"
done
for options in --foo --bind -b --priv=3 -zb --ver '--gid' '-wz'; do same theirs '' "$options"; done
for value in :/x /x: x /x:/ /nonexistent:/mnt; do same 31 '' -b "$value" "$image" -- true; done
for value in x '' 4x -1 99999999999999999999; do same 31 '' -u "$value" "$image" -- true; done
for words in 'ls -l' '-c /tmp pwd'; do same theirs '' "$image" $words; done
same theirs '' -b "$scratch:/mnt" "$image" -- ls /mnt/bin
for other in /nonexistent /etc/passwd; do same 31 '' "$other" -- true; done
same 31 '' -c /nonexistent "$image" -- true
same 49 's/execve\(2\)/execvpe(3)/' "$image" -- nonexistent
same theirs '' --set-env=A=b:\$USER --unset-env='P*D' "$image" -- sh -c 'echo "$A"'
