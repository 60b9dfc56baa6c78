#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A sandbox in a sandbox: caisson runs inside what it has made, as far as the outer one leaves it room.
. "${0%/*}/harness.bash"

use busybox
is_static || skip 'this caisson is not static, and the image lacks its libraries'
cp "$caisson" caisson
inner=("$scratch/caisson" run -t "$image" -- sh -c 'echo inner; pwd')
[[ $image = /tmp/* ]] || skip 'the image is not shown inside'
run -u 1000 "$image" -- "${inner[@]}"
expect_output $'inner\n/'
run -u 1000 --private all "$image" -- "${inner[@]}"
expect_output $'inner\n/'
# Root's sandbox hides parts of /proc, and then the kernel gives no fresh one to anybody below.
[ "$as" = user ] || exit 0
run -u 1000 "$image" -- "$scratch/caisson" run --private pid,net,ipc "$image" -- echo inner
expect_output inner
