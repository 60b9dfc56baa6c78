#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# No user namespace left under the limit, or 33 of them nested: the message says where the limit is.
# Only as user: root needs none.
. "${0%/*}/harness.bash"

use busybox
unshare --map-root-user true 2>/dev/null || skip 'user namespaces are not allowed here'
# A namespace of our own has a limit of its own, so the host's is left alone.
limited='echo 1 >/proc/sys/user/max_user_namespaces && exec unshare --user "$@"'
as_caller=(unshare --map-root-user sh -c "$limited" - "--map-user=$uid" "--map-group=$gid" --)
for options in '' '--private all'; do
    # shellcheck disable=SC2086  # several words
    run $options "$image" -- true
    expect_error 'namespaces: [a-z0-9]+ "user[^"]*": No space left on device \(a limit on namespaces is reached, see /proc/sys/user; `caisson doctor`'
done

as_caller=()
for ((i = 0; i < 33; i++)); do as_caller+=(unshare --user "--map-user=$uid" "--map-group=$gid" --); done
run "$image" -- true
[[ $errors != unshare:* ]] || skip 'this one is nested already'
expect_error 'namespaces: unshare "user[^"]*": .*(nested 32 deep|a limit on namespaces)'
