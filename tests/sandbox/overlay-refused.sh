#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A directory that can't take an overlay's changes is refused before anything runs, and so is one that
# another run is using; once that has ended, it is free again at once.
. "${0%/*}/harness.bash"
own_mounts

use own
mkdir changes lower upper work merged file-system
refused() { run --overlay "$1" "${@:3}" "$image" -- true && expect_error "$2"; }
refused nonesuch "root: overlay \"$scratch/nonesuch\": is not a directory \(it has to exist\)"
refused image/bin/busybox 'is not a directory'
refused '' 'options: --overlay: no directory provided'
refused changes 'spec: root.discard_size: needs RootWrites::discarded' -W4m
if mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work none merged 2>err; then
    refused merged "root: overlay \"$scratch/merged\": is on overlayfs, which the kernel takes no overlay's changes on"
    umount merged
fi
mount -t tmpfs -o ro none file-system
refused file-system "root: mkdir \"$scratch/file-system\": Read-only file system"
[ "$as" = root ] || refused /etc 'root: mkdir "/etc": Permission denied \(.*belongs to somebody else\)'
mkdir -p around/upper
image=around/upper/image
mv image around/upper
refused around "root: fsconfig \"$scratch/around\": Too many levels of symbolic links \(the image lies in the directory of --overlay\)"

mkfifo ready
start --overlay changes -b ready:/ready "$image" -- sh -c 'echo up >/ready; sleep 60'
read -r up <ready
expect_equal "$up" up 'what the first run says'
for ((i = 0; i < 3; i++)); do
    owed=''
    ! "${as_caller[@]}" "$caisson" run --overlay changes "$image" -- true 2>second || fail 'a second run'
    expect_equal "$(cat second)" "caisson: root: fsconfig \"$scratch/changes\": Device or resource busy (another run is using this directory of --overlay)" 'its message'
done
kill "$pid" && finish && expect_status 143
for ((i = 0; i < 20; i++)); do run --overlay changes "$image" -- true; done
