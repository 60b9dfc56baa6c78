#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The caller's environment goes in, but for what names the host: TMPDIR goes, HOME is the guest's and
# PATH leads to /bin. `container` says that there is one.
. "${0%/*}/harness.bash"

use busybox
home=$([ "$as" = root ] && echo /root || echo /)
export FROM_CALLER='a b' TMPDIR=/var/tmp HOME=/host/home
run "$image" -- sh -c 'echo "$FROM_CALLER,${TMPDIR-unset},$HOME,$container"'
expect_output "a b,unset,$home,caisson"
run --cd /usr "$image" -- env
expect_equal "$(grep ^PWD= <<<"$output")" PWD=/usr 'the working directory'
PATH=/usr/bin run "$image" -- sh -c 'echo $PATH'
expect_output /usr/bin:/bin
PATH=/bin:/usr/bin run "$image" -- sh -c 'echo $PATH'
expect_output /bin:/usr/bin
as_caller=(env --unset=PATH)
run "$image" -- sh -c 'echo $PATH'
expect_output /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
