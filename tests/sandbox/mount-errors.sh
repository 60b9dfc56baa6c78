#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --mount with something wrong is an error that says what, and what there is instead.
. "${0%/*}/harness.bash"

use busybox
refused() {
    run --mount "$1" "$image" -- true
    expect_error "$2"
}
refused type=nfs,dst=/mnt 'options: --mount "type=nfs,dst=/mnt": there is no type nfs \(types are bind, tmpfs, overlay'
refused src=/etc,dst=/mnt 'type= is missing'
refused type=bind,dst=/var 'no source'
refused type=tmpfs 'destination'
refused type=tmpfs,dst=var 'var": must be absolute'
refused type=tmpfs,dst=/ "can't be /"
refused type=tmpfs,dst=/var/.. "can't be /"
refused type=tmpfs,dst=/var,colour=red 'type=tmpfs has no key "colour"'
refused type=tmpfs,dst=/var,tmpfs-mode=9 'octal'
refused type=tmpfs,dst=/var,tmpfs-size=lots 'mounts: .*"/var"'
refused type=overlay,dst=/var 'overlay.*lower'
refused type=overlay,dst=/var,lowerdir=/etc,upperdir=/tmp 'upper and work'
refused type=overlay,dst=/var,lowerdir=/nonesuch 'mounts: .*/nonesuch'
# A fresh one shows its namespace, so it needs one of its own.
if [ "$as" = user ]; then
    refused type=proc,dst=/var 'private pid'
    refused type=mqueue,dst=/var 'ipc'
fi
