#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# What a device asks for and can't be given ends the start; a hook that nobody knows is warned of and not
# run. Nodes are bound into a small /dev.
. "${0%/*}/harness.bash"

use busybox
mkdir cdi
head='{"cdiVersion": "0.6.0", "kind": "caisson.test/x", "devices": [{"name": "a", "containerEdits": '
spec() { echo "$head$1}]}" >cdi/x.json; }
device() { run --cdi-dirs=cdi --device=caisson.test/x "$@"; }
hook() { echo '{"hooks": [{"hookName": "createContainer", "path": "'"$1"'", "args": ["'"${1##*/}"'", '"$2"']}]}'; }

spec "$(hook /usr/bin/nvidia-cdi-hook '"update-ldcache", "--folder", "/lib"')"
device "$image" -- true
expect_error 'devices: update-ldcache "/sbin/ldconfig": is not in the image \(a device.s libraries'
spec '{"mounts": [{"hostPath": "/no/such", "containerPath": "/mnt"}]}'
device "$image" -- true
expect_error 'mounts: open_tree "/no/such": No such file or directory'
spec '{"mounts": [{"hostPath": "/tmp", "containerPath": "/../mnt"}]}'
device "$image" -- true
expect_error 'devices: parse "cdi/x.json": devices\[0\].containerEdits.mounts\[0\].containerPath has a .. in it'
spec "$(hook "$scratch/run-me" '"1"')"
printf '#!/bin/sh\ntouch %s/ran\n' "$scratch" >run-me
chmod +x run-me
device "$image" -- true
expect_status 0
[[ $errors == "caisson: warning: hook \"$scratch/run-me 1\" is not known here"* ]] || fail 'no warning'
[ ! -e ran ] || fail "a vendor's program was run"
run --cdi-dirs=cdi --device=other.com/x "$image" -- true
expect_error 'devices: "other.com/x": there is no such device \(there are: caisson.test/x=a\)'

spec '{"deviceNodes": [{"path": "/dev/dir/y", "hostPath": "/dev/zero"}, {"path": "/dev/full"}]}'
device --dev=minimal "$image" -- sh -c 'head -c 3 /dev/dir/y | wc -c; ls /dev/dir'
expect_output $'3\ny'
run --cdi-dirs= "$image" -- true
expect_error 'options: --cdi-dirs: has an empty name of a directory'
