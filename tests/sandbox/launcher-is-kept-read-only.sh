#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Only as root: others own neither the launcher nor process 1.
#
# Real root that may look into process 1, or whose image runs our own binary, gets a descriptor of it that
# can't write, not even when nobody executes it any more (CVE-2019-5736).
. "${0%/*}/harness.bash"

is_static || skip 'only the static command is its own executable whole'
use own && guest keep-launcher
cp "$caisson" caisson
caisson=$scratch/caisson before=$(cksum <"$caisson")
ln -s /proc/self/exe "$image/bin/self"
mkfifo go
# keeps COMMAND…  hands a descriptor over, and leaves nobody who executes the launcher.
keeps() {
    rm -f socket
    "$guest" "$scratch/socket" <go >told &
    background+=("$!")
    exec 5>go
    await test -S socket
    "$@"
    expect_output kept
    exec 5>&-
    wait "$!"
    expect_equal "$(cat told)" 'open: Read-only file system' 'what came of writing'
    expect_equal "$(cksum <"$caisson")" "$before" 'the launcher'
}

keeps run --private pid --cap-add sys_ptrace "$image" -- "$guest" "$scratch/socket" /proc/1/exe

# The image's program is our own binary, and another sandbox with the same privileges looks at it.
start "$image" -- self memfd create name 1
await grep -q PID .out
launcher=$pid
look() {
    run "$image" -- "$guest" "$scratch/socket" "/proc/$launcher/exe"
    kill "$launcher" && await is_gone "$launcher"
}
keeps look
