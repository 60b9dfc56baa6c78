#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# caisson image list: names as people write them.
. "${0%/*}/harness.bash"

list() { "$caisson" image list "$@" >"$scratch/.out" 2>"$scratch/.err"; }
mkdir -p store/img/debian+12 store/img/example.com%a%b+latest store/img/.hidden
printf hsqs >store/img/packed
CH_IMAGE_STORAGE=$scratch/store list || fail 'does not list'
expect_equal "$(cat .out)" 'debian:12
example.com/a/b:latest
packed' 'the list'
list --storage "$scratch/store" --json || fail 'does not list as JSON'
need jq
expect_equal "$(jq -c '.[] | [.name, .path, .form]' .out)" "[\"debian:12\",\"$scratch/store/img/debian+12\",\"directory\"]
[\"example.com/a/b:latest\",\"$scratch/store/img/example.com%a%b+latest\",\"directory\"]
[\"packed\",\"$scratch/store/img/packed\",\"squashfs\"]" 'the JSON'
list --storage /nonexistent || fail 'an absent storage directory is no error'
expect_equal "$(cat .out)" '' 'the list'
! list --storage /dev/null || fail 'no error'
grep -qx 'caisson: image: opendir "/dev/null/img": Not a directory' .err || fail 'not the message'
! "$caisson" image frob 2>.err || fail 'no error'
grep -qx 'caisson: options: "frob": image needs a verb (caisson image list)' .err || fail 'not the message'
