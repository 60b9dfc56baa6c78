#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --overlay DIR: what is written, made and removed is there again with the next run, and the image
# stays as it is, whatever signs the two paths have. -W and -w make no difference to it.
. "${0%/*}/harness.bash"
own_mounts

use own
touch "$image/etc/doomed" "$image/etc/changed"
mkdir "$image/doomed" data
touch "$image/doomed/inner"
echo data >data/file
mv "$image" 'im:a,ge\x'
image='im:a,ge\x'
before=$(listing "$image")
for changes in changes 'cha:ng,es' 'back\slash, blank'; do
    mkdir "$changes"
    run --overlay "$changes" -b data:/new/point "$image" -- sh -ec \
        'cat /new/point/file; echo new >/etc/new; rm /etc/doomed; rm -r /doomed; echo more >>/etc/changed; chmod 700 /var'
    expect_output data
    for options in '' -W -w --home; do
        # shellcheck disable=SC2086  # none, or one
        HOME=$scratch run $options --overlay "$scratch/$changes" "$image" -- sh -c 'cat /etc/new /etc/changed; stat -c %a /var
            ls -A /new/point; ls -d /etc/doomed /doomed 2>&1 | grep -c "No such file"'
        expect_output $'new\nmore\n700\n2'
    done
    run --overlay "$changes" "$image" -- sh -ec 'mkdir /doomed; ls -A /doomed; rm -r /doomed'
    expect_output ''
    expect_equal "$(listing "$image")" "$before" 'the image'
    expect_equal "$(ls -A "$changes")" $'upper\nwork' 'what is in the directory'
done
run "$image" -- ls -d /etc/doomed /etc/new
expect_output /etc/doomed
expect_complaint '/etc/new: No such file'
