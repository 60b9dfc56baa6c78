#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# What clusters have (Cray's software, huge pages, Slurm's spool) is shown where host and image both
# have a place for it, read-only with all mounts below but for huge pages; elsewhere it is no word.
. "${0%/*}/harness.bash"
own_mounts

use own
places=(/etc/opt/cray/wlm_detect /opt/cray/{wlm_detect,alps,udreg,ugni,xpmem} /var/opt/cray/alps /var/spool/slurmd)
run "$image" -- true
for place in /etc/opt /opt /var/opt /var/spool /var/lib; do mount -t tmpfs -o mode=755 none "$place"; done
# shellcheck disable=SC2174  # the last ones are meant
mkdir -m 777 -p "${places[@]}" /opt/cray/alps/below /var/lib/hugetlbfs
mount -t tmpfs -o mode=777 none /opt/cray/alps/below
run "$image" -- sh -c 'ls /opt /var/opt /var/spool /var/lib'
expect_complaint '/opt: No such file'
mkdir -p "${places[@]/#/$image}" "$image/var/lib/hugetlbfs"
for place in "${places[@]}"; do echo "of $place" >"$place/file"; done
chmod 777 "$(mktemp /var/lib/hugetlbfs/page.XXXXXX)"
for place in "${places[@]}"; do
    # shellcheck disable=SC2016
    run "$image" -- sh -c 'cat "$1/file"; ! touch "$1/new" 2>/dev/null' sh "$place"
    expect_output "of $place"
done
run "$image" -- touch /opt/cray/alps/below/new
expect_complaint 'Read-only file system'
run "$image" -- sh -ec 'echo huge >/var/lib/hugetlbfs/page.*'
# A host that lost Cray's directory, and an image that lost one place: nothing is said.
rmdir "$image/opt/cray/ugni"
run "$image" -- test -e /opt/cray/alps/file
umount /opt/cray/alps/below
rm -r /opt/cray
run "$image" -- cat /proc/self/mountinfo
expect_match '/var/spool/slurmd'
expect_no_match '/opt/cray'
