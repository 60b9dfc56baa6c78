#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Nothing of the host's root file system is left in the mount table inside but what is shown on
# purpose, and no mount covers another at /.
. "${0%/*}/harness.bash"

shown='/|/(dev|proc|sys|tmp)(/.*)?|/etc/(hosts|resolv\.conf|machine-id|passwd|group)'
for options in '' -W '--private all' '-b /etc:/made/for/it' '--dev minimal'; do
    use busybox
    # shellcheck disable=SC2086  # several words
    run $options "$image" -- cut -d ' ' -f 5 /proc/self/mountinfo
    expect_equal "$(grep -cx / <<<"$output")" 1 "mounts at / with $options"
    expect_equal "$(grep -vxE "$shown|/made/for/it(/.*)?" <<<"$output" || true)" '' "other mounts with $options"
    # shellcheck disable=SC2086
    run $options "$image" -- sh -c 'umount -l / 2>/dev/null; cd / && cd .. && ls -di / | tr -dc 0-9; ls -d /../bin'
    expect_match '/../bin$'
done
