#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs that begin at the same moment and make the same mount points in one image all succeed, 200 of
# them; the image has the points once and nothing else, and nothing is left in the host's /tmp.
. "${0%/*}/harness.bash"

guest=$scratch/run-all
cat >"$guest" <<'SH'
cd "$1" || exit
caisson=$2 image=$3
shift 3
run_one() { [ "$("$caisson" run "$@" "$image" -- cat "/made$i/a/b/c/file" "/made$i/f" 2>&1)" = "$(printf 'data\ndata')" ] || echo "run $i failed"; }
for i in 0 1 2 3 4; do
    for n in 0 1 2 3 4 5 6 7 8 9; do
        run_one "$@" -b "data:/made$i/a/b/c" -b "data/file:/made$i/f" &
    done
    wait
done
SH
use own
mkdir data
echo data >data/file
others() { find /tmp -maxdepth 1 \( -name 'ch-run*' -o -name '*caisson*' \) ! -name 'caisson-sandbox.*' ! -name 'caisson-bench.*' -user "$(id -u)" -newer "$scratch/data"; }
for options in '' -W -w -w; do
    # shellcheck disable=SC2086
    expect_equal "$(bash "$guest" "$scratch" "$caisson" "$image" $options)" '' "what 50 runs with \"$options\" say"
    [ "$options" = -w ] || expect_equal "$(find "$image" -name 'made*')" '' 'what is left in the image'
done
expect_equal "$(cd "$image" && find made? | LC_ALL=C sort)" \
    "$(for i in 0 1 2 3 4; do printf '%s\n' "made$i"{,/a,/a/b,/a/b/c,/f}; done)" 'what -w has made'
expect_equal "$(others)" '' 'what is left in /tmp'
