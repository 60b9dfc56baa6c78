#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A directory of the image that turns into a link to the outside and back all the time, as another
# container that shares the image can do (CVE-2021-30465), never has a mount or a file made outside.
. "${0%/*}/harness.bash"

use own
guest swap
mkdir -m 777 data outside "$image/dir"
echo data >data/file
ln -s "../../../../../..$scratch/outside" "$image/link"
mkdir -p "$image$scratch/outside"
"$guest" "$image/dir" "$image/link" &
background+=("$!")

for ((i = 0; i < 25; i++)); do
    run -w -t -b "data:/dir/made$i" "$image" -- sh -c "cat /dir/made$i/file; ls /tmp"
    owed=''  # it may fail: what counts is where
    run -w -t -b "data/file:/dir/file$i" "$image" -- true
    owed=''
    run -t -b "data:/dir" "$image" -- true
    owed=''
    expect_equal "$(ls -A outside)" '' 'the directory outside'
done
