#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A first one that cannot make the sandbox says why and gives its place away; one that stops half way keeps
# the others no longer than their timeout.
. "${0%/*}/harness.bash"

use busybox
"$guests/start-peers" 8 "$caisson" run --join -b /no/such "$image" -- true 2>errors && fail 'ran without the mount'
expect_equal "$(grep -c 'mounts: open_tree "/no/such": No such file' errors)" 8 'number of messages'
# Some of them can, and then all the rest do.
# shellcheck disable=SC2016  # the peer's shell expands it
"$guests/start-peers" 20 sh -c 'case $MPI_LOCALRANKID in *[02468]) shift; exec "$@";; esac
    bad=$1; shift; caisson=$1 run=$2 tag=$3; shift 3
    "$caisson" "$run" "$tag" -b "$bad" "$@" || [ $? = 125 ]' sh /no/such \
    "$caisson" run "--join-tag=some-$$" --join-timeout=1 "$image" -- true 2>errors || fail "$(cat errors)"

# The first stops while it makes mounts: a directory whose look-up never ends is hard to come by, a name
# that is held by somebody who never answers is not.
guest abstract-socket
"$guest" hold "caisson-join-1/$uid//held-$$" >ready &
background+=("$!")
await grep -q ready ready
began=$SECONDS
run --join-tag "held-$$" --join-timeout 1 "$image" -- true
expect_error "join: meet \"held-$$\": the first peer has not made the sandbox within 1 s \(--join-timeout waits longer\)"
[ $((SECONDS - began)) -le 4 ] || fail 'waited for too long'
