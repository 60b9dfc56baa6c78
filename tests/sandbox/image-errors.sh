#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# An image that is none is named, with what one would be.
. "${0%/*}/harness.bash"

echo file >file
ln -s nowhere dangling
refused() {
    run "$1" -- true
    expect_error "$2"
}
refused /nonesuch 'image: stat "/nonesuch": No such file or directory \(an image is a directory with a root'
refused nonesuch 'image: stat "nonesuch": No such file or directory'
refused dangling 'image: stat "dangling": No such file or directory'
refused file 'image: "file": is not a directory \(an image is a directory with a root file system\)'
refused file/under 'image: stat "file/under": Not a directory'
refused '' 'image: .*(No such file|empty)'
mkdir empty
run empty -- true
expect_status 127
expect_error 'exec: execve "true"'
if [ "$as" = user ] && [ ! -x /root ]; then
    refused /root/image 'image: stat "/root/image": Permission denied'
fi
# A path of any kind will do, and a link to one.
use own
ln -s image link
cd image
for path in . ../link "$image/../image//" "$image/."; do
    run "$path" -- echo found
    expect_output found
done
