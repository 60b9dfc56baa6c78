#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Sections 1.1 to 1.3: what cannot be done is said in ch-run's words, with its exit statuses.
. "${0%/*}/harness.bash"

use busybox
ch_run "$image" -- sh -c 'exit 7'
expect_status 7
ch_run "$image" -- sh -c 'kill -TERM $$'
expect_status 143

ch_run /nonexistent -- true
expect_ch_run_error 31 "can't stat: /nonexistent: No such file or directory"
ch_run /etc/passwd -- true
expect_ch_run_error 31 'unknown image type: /etc/passwd (an image is a directory with a root file system)'
printf hsqs >archive
ch_run "$scratch/archive" -- true
expect_ch_run_error 31 "this ch-run does not support internal SquashFS mounts: $scratch/archive (unpack it: unsquashfs -d DIRECTORY $scratch/archive)"
ch_run -b /nonexistent:/mnt "$image" -- true
expect_ch_run_error 31 "can't bind: source not found: /nonexistent"
ch_run -c /nonexistent "$image" -- true
expect_status 31
[[ $errors == *"error: can't cd to /nonexistent: No such file or directory"* ]] || fail 'not the words'
ch_run "$image" -- nonexistent
expect_status 49
[[ $errors == *"error: can't execvpe(3): nonexistent: No such file or directory"* ]] || fail 'not the words'
ch_run "$image" -- /etc
expect_status 49
[[ $errors == *"error: can't execvpe(3): /etc: Permission denied"* ]] || fail 'not the words'
(ulimit -c 0 && ! "$scratch/bin/ch-run" --abort-fatal "$image" -u x -- true 2>aborted) || fail 'no failure'
grep -q 'error: --uid: no digits found' aborted || fail 'no message before abort(3)'
