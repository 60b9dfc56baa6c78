#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Who joins has no more than the first one, whatever it asks for: capabilities, no_new_privs, ids.
. "${0%/*}/harness.bash"

use busybox
show=(sed -n 's/^\(CapPrm\|CapEff\|CapBnd\|NoNewPrivs\|Uid\|Gid\|Groups\):\t*/\1 /p' /proc/self/status)
number=0
# compare FIRST… -- SECOND…: the options of two peers; what the second shows is what the first shows.
compare() {
    local first=()
    while [ "$1" != -- ]; do first+=("$1") && shift; done
    shift
    number=$((number + 1))
    start --join-tag "r$number-$$" "${first[@]}" "$image" -- sh -c "$(printf '%q ' "${show[@]}"); exec sleep 60"
    await grep -q Groups .out
    "$caisson" run --join-tag "r$number-$$" "$@" "$image" -- "${show[@]}" >second || fail "$*"
    kill "$pid"
    finish
    expect_status 143
    diff .out second >&2 || fail "$ran: differs with $*"
}
all=(--cap-add all --allow-new-privs)
compare --
compare -- "${all[@]}"
compare -u 0 -g 0 -- "${all[@]}"
compare -u 0 --cap-drop all -- -u 0 "${all[@]}"
compare -u 0 --cap-add sys_admin -- -u 0 "${all[@]}"
compare --lock-mounts -- "${all[@]}"
compare --id-map "0:$uid:1" -- "${all[@]}" || true
[ "$as" = user ] || compare -u 1000 -g 1000 -- "${all[@]}"
[ "$as" = user ] || compare --id-map 0:100000:65536 -u 7 -- "${all[@]}"
# Less it may have.
start --join-tag "less-$$" -u 0 "$image" -- sleep 60
background+=("$pid")
owed=''
await grep -q "//less-$$\$" /proc/net/unix
run --join-tag "less-$$" --cap-drop all "$image" -- sed -n 's/^CapPrm:\t//p' /proc/self/status
expect_output 0000000000000000
