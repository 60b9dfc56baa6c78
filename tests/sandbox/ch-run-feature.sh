#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --feature says what this host can do: what it answers yes to works.
. "${0%/*}/harness.bash"

use busybox
ch_run --feature=extglob
ch_run --feature=squash
expect_status 31
ch_run --feature=nonesuch
expect_ch_run_error 31 'unknown feature: nonesuch'

answer() { ch_run "--feature=$1" && owed='' && [ "$status" = 0 ]; }
works() {
    ch_run -W "$image" -- sh -c "$1"
    owed=''
    [ "$status" = 0 ]
}
if answer overlayfs; then works 'touch /x' || fail 'no overlay'; else expect_equal "$status" 1 'the status'; fi
if answer tmpfs-xattrs && [ "$as" = user ]; then
    works 'rm -r /usr && mkdir /usr' || fail 'no directory anew'
fi
ch_run -qq --feature overlayfs "$image" -- nonexistent
expect_equal "$output$errors" '' 'what is printed'
owed=''
