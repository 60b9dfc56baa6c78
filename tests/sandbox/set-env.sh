#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --set-env: one variable, a file of the host's, or the image's own file; items $NAME are replaced.
. "${0%/*}/harness.bash"

use own
unset -v UNSET || true
export HERE=here EMPTY=
show() { run "$@" "$image" -- sh -c 'echo "$V"'; }
show --set-env=V='a=b c'
expect_output 'a=b c'
show --set-env=V='/x:$HERE:$UNSET:$EMPTY:/y'
expect_output /x:here:/y
show --set-env=V='$HERE:x$HERE:$'
expect_output 'here:x$HERE:$'

printf '%s\n' "V='quoted'" '' 'W=$V:w' "X=it's" >file
run --set-env=file "$image" -- sh -c 'echo "$V,$W,$X"'
expect_output "quoted,quoted:w,it's"
mkdir "$image/ch"
echo V=image >"$image/ch/environment"
show --set-env
expect_output image
show --set-env --set-env=V='$V:own'
expect_output image:own
show --set-env=V=own --set-env
expect_output image
show --set-env=V='$HERE' --env-no-expand
expect_output '$HERE'
printf 'V=two\nlines\0' >zeroed
run --set-env0=<(cat zeroed) "$image" -- sh -c 'echo $V'
expect_output 'two lines'

show --set-env=nonesuch
expect_error 'environment: open "nonesuch": No such file or directory'
echo words >bad
show --set-env=bad
expect_error '"bad:1": has no ='
