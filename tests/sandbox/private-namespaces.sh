#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --private: exactly the namespaces that were asked for are new ones, beside those that every run has.
. "${0%/*}/harness.bash"

use busybox
names=(user mnt pid net ipc uts cgroup time)
always=$([ "$as" = root ] && echo mnt || echo user mnt)
declare -A mine
for name in "${names[@]}"; do mine[$name]=$(readlink "/proc/self/ns/$name"); done

# news [OPTION…]: the names of those that differ, in the order of names.
news() {
    local found=() link links
    run "$@" "$image" -- sh -c "for n in ${names[*]}; do readlink /proc/self/ns/\$n; done"
    mapfile -t links <<<"$output"
    for link in "${links[@]}"; do
        [ "$link" = "${mine[${link%%:*}]}" ] || found+=("${link%%:*}")
    done
    echo "${found[*]}"
}
expect_equal "$(news)" "$always" 'new without --private'
for name in pid net ipc uts cgroup time; do
    expect_equal "$(news --private $name | tr ' ' '\n' | sort | xargs)" \
        "$(echo "$always $name" | tr ' ' '\n' | sort | xargs)" "new with --private $name"
done
expect_equal "$(news --private all)" "$([ "$as" = root ] || echo 'user ')mnt pid net ipc uts cgroup time" 'new with all'
expect_equal "$(news --private net,ipc --private uts)" "$always net ipc uts" 'new with a list'
run --private pid,moon "$image" -- true
expect_error 'options: --private "pid,moon": there is no namespace "moon" \(there are: pid, net, ipc'
