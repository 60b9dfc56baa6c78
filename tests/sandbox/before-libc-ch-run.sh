#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# As ch-run, too, a plain run ends before libc has started, and does the same as after libc's start,
# which --unset-env makes it wait for.
. "${0%/*}/harness.bash"

is_static || skip 'a sanitizer build starts as libc does'
use own  # which some options write to
mkdir "$scratch/source"
ln -s "$caisson" "$scratch/ch-run"
show='env; id; pwd; grep -E "^(Cap|NoNew|Seccomp)" /proc/self/status; ls /proc/self/fd /src 2>&1
    sed "s/^[0-9]* [0-9]* [0-9:]* //" /proc/self/mountinfo; cat /etc/passwd /etc/group; >/file'

# as_ch_run ARG…  sets $said; a message has the process's number in it.
as_ch_run() {
    said=$({ USER=someone "$scratch/ch-run" "$@" 2>&1 && echo "status 0" || echo "status $?"; } |
        sed 's/^ch-run\[[0-9]*\]/ch-run[PID]/')
}

same() {
    local first
    as_ch_run "$@"
    first=$said
    as_ch_run --unset-env=NO_SUCH_NAME "$@"
    expect_equal "$said" "$first" "with libc's start: $*"
}
exec 7</dev/null
for options in '' -w -W --write-fake=1m "-b $scratch/source:/src" '-b /none:/src' '-b :/src' '-b /etc:src' '-c /tmp' -t \
    '-c none' '-u 0' '-u 77 -g 88' '-u x' '-g -1' --no-passwd --no-such --bind -v -q --no-home '--set-env=A=$HOME:b'; do
    # shellcheck disable=SC2086  # several words
    same $options "$image" -- sh -c "$show"
done
same "$image" -W -- none
same "$image" none -W
same "$image"
same none -- true
export POSIXLY_CORRECT=1
same "$image" -W -- none
