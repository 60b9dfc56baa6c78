#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# No mount point is ever made on a host's directory that is shown inside: the run is refused with a
# message, and the host's directory stays as it is.
. "${0%/*}/harness.bash"

use own
mkdir data source "$image/mnt"
refused() {
    expect_error "mounts: [a-z0-9_]+ \"$1\": No such file or directory .*none is made on a host directory"
    expect_equal "$(ls -A data)" '' "the host's directory"
}
run -b data:/mnt -b source:/mnt/missing "$image" -- true
refused /mnt/missing
run -b data:/mnt -b source:/mnt/missing/deep "$image" -- true
refused /mnt/missing/deep
run -w -b data:/mnt --tmpfs /mnt/missing "$image" -- true
refused /mnt/missing
run -W -b data:/made -b source:/made/missing "$image" -- true
refused /made/missing
run -b source:"$scratch/data/missing" "$image" -- true
refused "$scratch/data/missing"
run -b source:/proc/missing "$image" -- true
refused /proc/missing
