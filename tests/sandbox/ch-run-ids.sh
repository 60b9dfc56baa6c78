#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Sections 1.4 and 1.5: who the command is, and what stands in its passwd and group.
. "${0%/*}/harness.bash"

use debian
ch_run "$image" -- sh -c 'id -u; id -g'
expect_output "$uid
$gid"
ch_run -u 1234 -g 4321 "$image" -- sh -c 'id -u; id -g; cat /etc/passwd /etc/group'
expect_output '1234
4321
root:x:0:0:root:/root:/bin/sh
nobody:x:65534:65534:nobody:/:/bin/false
charlie:x:1234:4321:Charlie:/:/bin/sh
root:x:0:
nogroup:x:65534:
charliegroup:x:4321:'
ch_run -u 65534 -g 65534 "$image" -- cat /etc/passwd
expect_match $'^root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:[^:]*:/:/bin/sh$'
ch_run "$image" --no-passwd -- cat /etc/passwd
expect_equal "$output" "$(cat "$image/etc/passwd")" "the image's own passwd"

# Nobody gets more by exec; user 0 has all of its namespace's capabilities, and can use them on what
# it has mounted itself, but not to take away what was mounted for it.
ch_run -u 1234 "$image" -- grep -E '^(CapEff|NoNewPrivs)' /proc/self/status
expect_output $'CapEff:\t0000000000000000\nNoNewPrivs:\t1'
ch_run -u 0 -g 0 "$image" -- sh -c 'id -u; mount -t tmpfs none /mnt && umount /mnt && echo own
    for mount in /etc/passwd /proc /tmp; do umount -l $mount 2>/dev/null && echo undone $mount; done; true'
expect_output $'0\nown'

# A file that user 0 makes is the caller's.
ch_run -u 0 "$image" -- touch "$scratch/file"
expect_equal "$(stat -c %u file)" "$uid" 'the owner'
