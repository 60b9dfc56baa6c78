#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Hooks of the configuration file: outside before the new root is /, inside after it; what they get, and
# that one which fails ends the start.
. "${0%/*}/harness.bash"

use own
hook() { printf '[[hooks.%s]]\nrun = ["/bin/sh", "-c", "%s"]\n%s\n' "$1" "$2" "${3-}" >>"$scratch/config"; }
export CAISSON_CONFIG=$scratch/config OF_THE_CALLER=caller

hook host "cd $scratch; cat >state; echo \$CAISSON_ROOT >root; ls \$CAISSON_ROOT >ls; readlink /proc/self/ns/mnt >ns"
hook guest 'echo guest $OF_THE_CALLER,$OWN,$CAISSON_ROOT,$(pwd)' 'set-env = ["OWN=own"]'
hook peer 'echo peer >&2'
run --set-env=OF_THE_CALLER=program "$image" -- echo program
expect_output program
expect_equal "$(cat "$scratch/.err")" $'guest caller,own,/,/\npeer' 'what hooks say'
expect_equal "$(cat "$scratch/ls")" "$(ls "$image")" "what the host's hook finds at CAISSON_ROOT"
expect_equal "$(cat "$scratch/ns")" "$(readlink /proc/self/ns/mnt)" "the namespace of the host's hook"
jq -e --rawfile root "$scratch/root" '.status == "creating" and .root + "\n" == $root and .pid > 1' \
    <"$scratch/state" >/dev/null || fail "the state: $(cat "$scratch/state")"
run --private pid --timeout 60 "$image" -- echo supervised
expect_output supervised
expect_equal "$(cat "$scratch/.err")" $'guest caller,own,/,/\npeer' 'what hooks say of a supervised run'
run --no-config "$image" -- echo program
expect_equal "$(cat "$scratch/.err")" '' 'what hooks say that are not there'

for side in host guest peer; do
    for options in '' '--private=pid'; do
        rm "$scratch/config" && hook "$side" 'exit 3'
        run ${options:+"$options"} "$image" -- echo program
        expect_error "$side-hooks: run \"/bin/sh\": exit status 3"
        rm "$scratch/config" && hook "$side" 'sleep 30' 'timeout = 1'
        run ${options:+"$options"} "$image" -- echo program
        expect_error "$side-hooks: run \"/bin/sh\": took longer than 1 s"
    done
done
