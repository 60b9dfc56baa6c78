#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A bind source that is not there is an error that names it and says what skips it; `try` does.
. "${0%/*}/harness.bash"

use own
mkdir "$image/mnt"
run -b /nonesuch:/mnt "$image" -- true
expect_error 'mounts: [a-z_]+ "/nonesuch": No such file or directory \(a bind source must exist; the option `try`'
run --mount type=bind,src=/nonesuch,dst=/mnt "$image" -- true
expect_error 'mounts: [a-z_]+ "/nonesuch": No such file or directory'

run -b /nonesuch:/mnt:try "$image" -- ls -A /mnt
expect_output ''
run -b /nonesuch:/not/here:try "$image" -- ls -d /not
expect_complaint 'No such file'
run -b /etc/hosts/under:/mnt:try "$image" -- true

# Only absence is skipped: a source that may not be looked at is still an error.
if [ "$as" = user ] && [ ! -x /root ]; then
    run -b /root/under:/mnt:try "$image" -- true
    expect_error 'mounts: .*"/root/under": Permission denied'
fi
