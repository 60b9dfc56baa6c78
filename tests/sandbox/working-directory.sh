#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# -c: where the command starts, a path inside; / without it.
. "${0%/*}/harness.bash"

use own
run "$image" -- pwd
expect_output /
run -c /var "$image" -- pwd
expect_output /var
run --cd etc "$image" -- pwd
expect_output /etc
ln -s /var "$image/link"
run -c /link "$image" -- sh -c 'pwd -P'
expect_output /var
mkdir data
run -b data:/made/dir -c /made/dir "$image" -- pwd
expect_output /made/dir

run -c /nonesuch "$image" -- true
expect_error 'cwd: chdir "/nonesuch": No such file or directory \(the working directory is looked up inside the image\)'
run -c /bin/busybox "$image" -- true
expect_error 'cwd: chdir "/bin/busybox": Not a directory'
if [ "$as" = user ]; then
    mkdir -m 0 "$image/closed"
    run -u 1000 -c /closed "$image" -- true
    [ "$status" = 0 ] || expect_error 'cwd: chdir "/closed": Permission denied \(the sandbox.s user may not enter'
    owed=''
    chmod 755 "$image/closed"
fi
