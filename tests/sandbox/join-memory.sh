#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Peers read each other's memory and trace each other, as MPI libraries on one node do; a program beside the
# sandbox can't, for an ordinary user.
. "${0%/*}/harness.bash"

use busybox
guest peer-memory
tag=memory-$$
start --join-tag "$tag" "$image" -- "$guest" hold
background+=("$pid")
owed=''
await grep -q ' ' .out
read -r holder address <.out
run --join-tag "$tag" "$image" -- "$guest" read "$holder" "$address"
expect_output $'process_vm_readv: the secret of a peer\nptrace: the secret of a peer'
[ "$as" = user ] || exit 0
run "$image" -- "$guest" read "$holder" "$address"
expect_complaint 'process_vm_readv: Operation not permitted'
