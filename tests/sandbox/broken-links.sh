#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# An absolute link in the image leads to a place in the image, also where the host has one of that name;
# a link that leads nowhere is named, and nothing is made in its stead.
. "${0%/*}/harness.bash"

use own
mkdir data "$image/run" "$image/places"
echo data >data/file
ln -s /run "$image/var/run"
ln -s /run/nowhere "$image/broken"
ln -s ../nowhere "$image/etc/relative"
for options in '' -w -W; do
    # shellcheck disable=SC2086
    run $options -b data:/var/run -b data/file:/places/file "$image" -- cat /run/file /places/file
    expect_output $'data\ndata'
    # shellcheck disable=SC2086
    run $options -b data:/var/run/deep/er "$image" -- cat /run/deep/er/file
    expect_output data
    for place in /broken /broken/below /etc/relative /etc/relative/x/y; do
        for source in data data/file; do
            # shellcheck disable=SC2086
            run $options -b "$source:$place" "$image" -- true
            expect_error "mounts: mkdir \"$place\": No such file or directory \(a link on the way leads nowhere: make what it leads to, or name the place itself\)"
        done
    done
done
expect_equal "$(ls -A "$image/run" "$image/places")" "$(printf '%s\n' "$image/places:" file '' "$image/run:" deep)" 'what -w has made'
