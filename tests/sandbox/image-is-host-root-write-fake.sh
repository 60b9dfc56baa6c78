#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# -W / lets root try things out on the host's own root. An ordinary user can't have it where mounts of
# the host's lie below: the kernel lets no overlay uncover what they hide, and we say so.
. "${0%/*}/harness.bash"

run -W / -- sh -c 'echo x >/etc/caisson-was-here && cat /etc/caisson-was-here'
if [ "$as" = root ]; then
    expect_output x
else
    expect_error '"/": other file systems are mounted below the image'
fi
[ ! -e /etc/caisson-was-here ] || fail 'a write reached the host'
