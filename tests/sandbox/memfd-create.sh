#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# caisson memfd create and seals say what the two programs of memfd_create(2) say, and the file is
# there until the first is ended.
. "${0%/*}/harness.bash"

# create ARG…  in the background; $path is where the file is, $line what was printed.
create() {
    : >line
    "$caisson" memfd create "$@" >line 2>errors &
    pid=$!
    background+=("$pid")
    await grep -q . line
    line=$(cat line)
    path=/proc/$pid/fd/$(sed -n 's/.*[/ ]//p' <<<"$line")
}

for row in 'gswS:SEAL GROW WRITE SHRINK' 'W:FUTURE_WRITE' 'sg:GROW SHRINK'; do
    create name 4096 "${row%%:*}" --exec
    [[ $line == "PID: $pid; fd: "[0-9]*"; $path" ]] || fail "it printed: $line"
    expect_equal "$("$caisson" memfd seals "$path")" "Existing seals: ${row#*:}" 'what is printed'
    expect_equal "$(stat -Lc %s "$path")" 4096 'the size'
done
expect_equal "$(readlink "$path")" '/memfd:name (deleted)' 'the name'
create name 0 --exec
expect_equal "$("$caisson" memfd seals "$path")" 'Existing seals:' 'what is printed of none'
expect_equal "$("$caisson" memfd seals --json "$path")" "{\"path\":\"$path\",\"seals\":[]}" 'the JSON'
kill "$pid"
await is_gone "$pid"
[ ! -e "$path" ] || fail 'the file has outlived its process'

# With content, and read by a shell that waits for the end of the output.
echo content >file
path=$(timeout 10 bash -c '"$1" memfd create name - gsw -f file --print-path & echo $! >pid' - "$caisson")
background+=("$(cat pid)")
expect_equal "$(cat "$path")" content 'the content'
if echo more 2>/dev/null >>"$path"; then fail 'it is not sealed'; fi
expect_equal "$("$caisson" memfd seals "$path" /dev/null 2>errors)" "$path: Existing seals: GROW WRITE SHRINK" 'two'
expect_equal "$(cat errors)" 'caisson: memory file: F_GET_SEALS "/dev/null": Invalid argument (only memory files have seals)' 'the error'
