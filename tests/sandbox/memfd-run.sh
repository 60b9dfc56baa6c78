#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# caisson memfd run executes a sealed copy: arguments, status and scripts are as with exec, and what runs
# can't be written to.
. "${0%/*}/harness.bash"

# memfd WANTED-STATUS ARG…  $output and $errors as with run.
memfd() {
    local wanted=$1
    shift
    ran="caisson memfd run $*" status=0
    "$caisson" memfd run "$@" >.out 2>.err || status=$?
    finished
    expect_status "$wanted"
}

cp /bin/busybox busybox
chmod 755 busybox
memfd 0 --fill busybox -- echo one 'two  three'
expect_output 'one two  three'
memfd 7 ./busybox sh -c 'exit 7'
memfd 0 --name shown ./busybox readlink /proc/self/exe
expect_output '/memfd:shown (deleted)'
# shellcheck disable=SC2016  # the inner shell expands it
memfd 0 ./busybox sh -c 'if echo evil >>/proc/$$/exe; then echo written; fi 2>/dev/null; echo end'
expect_output end
memfd 0 --fill - -- cat /proc/self/comm <busybox
printf '#!/bin/sh\necho "script $1"\nexit 3\n' >script
chmod 755 script
memfd 3 ./script argument
expect_output 'script argument'
memfd 127 nonesuch
expect_error 'exec: open "nonesuch": No such file or directory'
memfd 126 ./.out
expect_error 'exec: open "./.out": Permission denied'
echo text >text
memfd 126 --fill text
expect_error 'exec: execveat "text": Exec format error'
