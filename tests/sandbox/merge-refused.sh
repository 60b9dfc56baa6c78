#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Where links would stay behind, `merge` is a mount for each bind and shows nothing else; what can't be
# merged is an error like any bind's.
. "${0%/*}/harness.bash"

mkdir lib
echo a >lib/a
use own
run -w -t -b lib/a:/usr/lib/a:ro,merge "$image" -- sh -c 'cat /usr/lib/a; ls -A /usr/lib; ls -d /.caisson'
expect_output $'a\na'
expect_complaint '/.caisson: No such file'
expect_equal "$(cd "$image" && find usr -printf '%p %y\n')" $'usr d\nusr/lib d\nusr/lib/a f' 'what -w has made'
rm -r "${image:?}/usr/lib"
mkdir changes
run --overlay changes -t -b lib/a:/usr/lib/a:ro,merge "$image" -- sh -c 'cat /usr/lib/a; ls -A /usr/lib'
expect_output $'a\na'
expect_equal "$(find changes/upper -type l)" '' 'links in the changes'
run -t -b lib/nonesuch:/x:ro,merge "$image" -- true
expect_error "mounts: open_tree \"$scratch/lib/nonesuch\": No such file .*a bind source must exist"
run -t -b lib/a:/x:merge "$image" -- true
expect_error 'spec: merge "/x": needs ro'
