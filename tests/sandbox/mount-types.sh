#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --mount with each type of a kernel file system, in podman's syntax.
. "${0%/*}/harness.bash"

use own
mkdir data "$image/mnt"
echo data >data/file
type_of() { run "$@" -- awk '$5 == "/mnt" { for (i = 7; $i != "-"; i++); print $(i + 1), $6 }' /proc/self/mountinfo; }

for spelling in type=bind,source=data,destination=/mnt type=bind,src=data,target=/mnt src=data,dst=/mnt,type=bind; do
    run --mount "$spelling" "$image" -- cat /mnt/file
    expect_output data
done
run --mount type=bind,src=data,dst=/mnt,ro=true "$image" -- touch /mnt/new
expect_complaint 'Read-only file system'
run --mount type=bind,src=data,dst=/mnt,readonly=false,bind-propagation=rslave "$image" -- touch /mnt/new

type_of --mount type=tmpfs,dst=/mnt,tmpfs-size=1m,tmpfs-mode=700,noexec "$image"
expect_match '^tmpfs rw,[^ ]*noexec'
type_of --private pid --mount type=proc,dst=/mnt "$image"
expect_match '^proc '
type_of --private ipc --mount type=mqueue,dst=/mnt "$image"
expect_match '^mqueue '
type_of --mount type=devpts,dst=/mnt "$image"
expect_match '^devpts '
run --mount type=devpts,dst=/mnt "$image" -- ls /mnt
expect_output ptmx
