#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Names with blanks, newlines, quotes, commas, colons and backslashes work where the syntax can say
# them, and a message about one stays on its line.
. "${0%/*}/harness.bash"

use own
strange=$'a b\n"c" \\134 d,e'
mv image "$strange"
mkdir "$strange dir"
echo found >"$strange dir/file"
run "$strange" -- echo found
expect_output found
run -W "$strange" -- sh -c 'echo found >/file; cat /file'
expect_output found
run -b "$strange dir:/made$strange" "$strange" -- cat "/made$strange/file"
expect_output found
run -c "$strange" "$strange" -- true
expect_error 'cwd: chdir "/a b\\n\\"c\\" \\\\134 d,e": No such file'
run -b "$strange/x:/var" "$strange" -- true
expect_error 'mounts: .*a b\\n'
run "$strange/nonesuch" -- true
expect_error 'image: stat "a b\\n'
run "$strange" -- $'no\nsuch'
expect_status 127
expect_error 'exec: execve "no\\nsuch"'
run $'--no\nsuch' "$strange"
expect_error 'options: "--no\\nsuch"'
mv "$strange" 'colon:and\slash'
run -W 'colon:and\slash' -- sh -c 'echo found >/file; cat /file'
expect_output found
