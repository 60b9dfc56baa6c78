#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# -W: everything can be written, and all of it is gone at the end; the image stays as it is. It wins over
# -w, in either order.
. "${0%/*}/harness.bash"

use own
before=$(listing "$image")
for options in -W --write-fake '-W -w' -wW; do
    # shellcheck disable=SC2086  # several words
    run $options "$image" -- sh -ec 'echo new >/file; rm /bin/ls; echo more >>/etc/new; rm -r /var; cat /file'
    expect_output new
done
run -W "$image" -- ls -d /var /file
expect_output /var
expect_complaint '/file: No such file'
expect_equal "$(listing "$image")" "$before" 'the image'
