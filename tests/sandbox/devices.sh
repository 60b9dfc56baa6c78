#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A device's library becomes one that the image's programs find: bound, linked, and in the cache of the
# image's own ldconfig. Its variables are set as they are, in the order of the options.
. "${0%/*}/harness.bash"

need jq
use debian
debian=$image
use own
guest vendor-program
library=libcaisson-vendor.so.1.2
mkdir host cdi
(cd "$debian" && cp -L --parents sbin/ldconfig* lib64/ld-linux-x86-64.so.2 lib/x86_64-linux-gnu/libc.so.6 "$image")
cp "$guests/$library" host
jq -n --arg host "$scratch/host/$library" --arg lib "/usr/lib/vendor" --arg name "$library" '
    def hook: {hookName: "createContainer", path: "/bin/nvidia-cdi-hook", args: (["nvidia-cdi-hook"] + .)};
    {cdiVersion: "0.6.0", kind: "caisson.test/gpu",
     devices: [{name: "0"}, {name: "1", containerEdits: {env: ["INDEX=1"]}}],
     containerEdits: {env: ["VENDOR=$HOME", "INDEX=0"],
        mounts: [{hostPath: $host, containerPath: "\($lib)/\($name)", options: ["ro", "bind"]}],
        hooks: [(["update-ldcache", "--folder", $lib] | hook),
                (["create-symlinks", "--link", "\($name)::\($lib)/libvendor.so"] | hook)]}}' >cdi/a.json
before=$(listing "$image")
with() { run --cdi-dirs="$scratch/cdi" "$@"; }
run "$image" -- "$guest"
expect_status 127 # the loader's own
for options in --device=caisson.test/gpu=0 --device=caisson.test/gpu --devices -d "--device=$scratch/cdi/a.json"; do
    with "$options" "$image" -- "$guest"
    expect_output "the vendor's library"
done
with -d "$image" -- sh -c "cd /usr/lib/vendor; readlink libvendor.so; echo x >$library"
expect_complaint 'Read-only file system'
expect_output "$library"
with --set-env=INDEX=5 --device=caisson.test/gpu=0 --set-env=VENDOR="\$INDEX" "$image" -- sh -c 'echo $INDEX $VENDOR'
expect_output '0 0'
with --device=caisson.test/gpu=1 --unset-env=INDEX "$image" -- sh -c 'echo "$INDEX" "$VENDOR"'
expect_output " \$HOME"
expect_equal "$(listing "$image")" "$before" 'the image'
