#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A plain run ends before libc has started (src/cli/entry-x86_64.cc). Whatever it does is the same as
# after libc's start, which --unset-env makes it wait for.
. "${0%/*}/harness.bash"

is_static || skip 'a sanitizer build starts as libc does'
need strace readelf
use busybox
mkdir "$scratch/source"
show='env; id; pwd; ulimit -a; grep -E "^(Cap|NoNew|Seccomp)" /proc/self/status; ls /proc/self/fd /src 2>&1
    sed "s/^[0-9]* [0-9]* [0-9:]* //" /proc/self/mountinfo; cat /etc/passwd /etc/group; >/file'

same() {
    local first
    run "$@" && owed=''
    first=$status:$output:$errors
    run --unset-env=NO_SUCH_NAME "$@" && owed=''
    expect_equal "$status:$output:$errors" "$first" "with libc's start: $*"
}
exec 7</dev/null
for options in '' -W --write-fake=1m --write-f '-b .:/src' "-b $scratch/source:/src:ro,noexec" '-b /none:/src:try' \
    '-b /none' '-b .:/new' '-b .:/../x' --no-such --bind '--b x' '--tmpfs /src:size=1m,mode=700' '--tmpfs /tmp:bad=1' \
    '--dev minimal' '--dev other' -t --no-passwd '-c /tmp' '-c none' '-u 0' '-u 77 -g 88' '-u x' '--cap-add net_raw' \
    '--cap-add nothing' '-u 0 --cap-drop ALL' --clear-env '--rlimit nofile=64' '--rlimit nofile=x' --close-fds=no \
    '--keep-fd 7' '--keep-fd 8' --allow-new-privs '--private ipc' '--set-env=A=$HOME:b' '--hostname x' '--die-with-parent'; do
    # shellcheck disable=SC2086  # several words
    same $options "$image" -- sh -c "$show"
done
same "$image" none
same "$image" /etc
same "$scratch/none"

# And that it does so: none of what libc's start asks of the kernel; nothing in the executable that
# only libc's start can put there.
[ "$(uname -m)" = x86_64 ] || exit 0
expect_equal "$(readelf --relocs --wide "$caisson" | grep -c IRELATIVE)" 0 'functions that libc has yet to choose'
strace -o calls "$caisson" run "$image" true
expect_equal "$(sed -n '2,/^unshare/p' calls | grep -cE '^(set_tid_address|brk|readlink)\(')" 0 "calls of libc's start"
