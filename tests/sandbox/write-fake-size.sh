#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# -W=SIZE: no more than that can be written.
. "${0%/*}/harness.bash"

use busybox
run -W1m "$image" -- dd if=/dev/zero of=/file bs=64k count=32
expect_complaint 'No space left on device'
run --write-fake=4m "$image" -- dd if=/dev/zero of=/file bs=64k count=32
run --write-fake=4m "$image" -- dd if=/dev/zero of=/file bs=64k count=96
expect_complaint 'No space left on device'
run --write-fake=lots "$image" -- true
expect_error 'size|lots'
