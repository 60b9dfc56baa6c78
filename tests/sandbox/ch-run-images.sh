#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Section 1.2: a name in storage wins over a path, and storage is not written to by accident.
. "${0%/*}/harness.bash"

use own
mkdir -p store/img
mv image store/img/example.com%a+1
ln -s ../../store/img/example.com%a+1 store/img/usr
mkdir usr

export CH_IMAGE_STORAGE=$scratch/store
ch_run example.com/a:1 -- echo named
expect_output named
ch_run usr -- echo 'a name before a path'
expect_output 'a name before a path'
run example.com/a:1 -- echo named
expect_output named
unset CH_IMAGE_STORAGE
ch_run -s "$scratch/store" example.com/a:1 -- echo named
expect_output named
run --storage "$scratch/store" example.com/a:1 -- echo named
expect_output named
ch_run example.com/a:1 -- true
expect_ch_run_error 31 "can't stat: example.com/a:1: No such file or directory"
ch_run -s "$scratch/none" "$scratch/store/img/example.com%a+1" -- true
[[ $errors == *"warning: storage directory not found: $scratch/none" ]] || fail 'no warning'

inside=$scratch/store/img/example.com%a+1
ch_run -s "$scratch/store" "$inside" -- true
expect_ch_run_error 31 "can't run directory images from storage (hint: run by name)"
ch_run -s "$scratch/store" -w example.com/a:1 -- true
expect_ch_run_error 31 '--write invalid when running by name'
ch_run -s "$scratch/store" --unsafe "$inside" -- true
ch_run -s "$scratch/store" --unsafe -w example.com/a:1 -- touch /written
[ -e "$inside/written" ] || fail 'nothing was written'
ch_run -m /tmp "$inside" -- true
[[ $errors == *'warning: --mount invalid with directory image, ignoring' ]] || fail 'no warning'
