#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --join-pid: into the sandbox of a process, with no more rights than that process has.
. "${0%/*}/harness.bash"

use busybox
start -t "$image" -- sh -c 'readlink /proc/self/ns/mnt; exec sleep 60'
await grep -q mnt: .out
first=$pid there=$(cat .out)
await grep -q sleep "/proc/$first/comm"
background+=("$first")
capabilities() { sed -n 's/^CapPrm:\t//p' "/proc/$1/status"; }
run --join-pid "$first" "$image" -- sh -c 'readlink /proc/self/ns/mnt; pwd; sed -n "s/^CapPrm:\t//p;s/^NoNewPrivs:\t//p" /proc/self/status'
expect_output "$there"$'\n/\n'"$(capabilities "$first")"$'\n1'
run --join-pid "$first" --cd /tmp "$image" -- sh -c 'ls -A; id -u'
expect_output "$uid"
run --join-pid "$first" --cap-add all --allow-new-privs -u 0 "$image" -- sed -n 's/^CapPrm:\t//p;s/^NoNewPrivs:\t//p' /proc/self/status
expect_output "$(capabilities "$first")"$'\n1'
run --join-pid "$first" --explain "$image"
expect_match 'enter the .*mount namespaces of the sandbox that is there'
run --join-pid 4194305 "$image"
expect_error 'join: open "/proc/4194305/ns/user": No such file or directory \(there is no such process\)'
run --join-pid $$ "$image"
expect_error 'join: setns "/proc/[0-9]+/ns": the process is in no namespace that this one is not in'
run --join-pid "$first" "$image/none"
expect_error 'image: .*none'
if [ "$as" = user ]; then
    run --join-pid 1 "$image"
    expect_error 'join: (stat|open) "/proc/1/ns/user": Permission denied \(only one.s own processes can be joined'
fi
# A process can't move into a pid namespace, whose processes would see it and not be seen by it.
"$caisson" run --private pid --no-init "$image" -- sh -c 'trap "exit 0" TERM; while sleep 0.1; do :; done' &
background+=("$!")
child_of() { inner=$(cat "/proc/$1/task/$1/children") && [ -n "$inner" ]; }
await child_of "$!"
await grep -qx sh "/proc/${inner% }/comm"
run --join-pid "${inner% }" "$image"
expect_error 'join: setns "/proc/[0-9]+/ns/pid": a process can.t move into a pid or time namespace'
