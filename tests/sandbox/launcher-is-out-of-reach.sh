#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# An image that names /proc/self/exe as its program, or as the interpreter of one, has our own binary
# run inside; it stays as it is, whatever is tried on it (CVE-2019-5736).
. "${0%/*}/harness.bash"

use own
cp "$caisson" caisson
caisson=$scratch/caisson
before=$(cksum <"$caisson")
ln -sf /proc/self/exe "$image/bin/self"
printf '#!/proc/self/exe version\n' >"$image/bin/script"
chmod +x "$image/bin/script"
attack='exec 3<"$0"; (sleep 0.2; for i in 1 2 3 4 5; do echo evil >/proc/self/fd/3; sleep 0.1; done) 2>/dev/null & '
for options in '' -w '--private pid' '--private pid --no-init'; do
    for program in self script; do
        # shellcheck disable=SC2086  # several words
        run $options "$image" -- "/bin/$program" version
        owed=''
    done
    # shellcheck disable=SC2086
    run $options "$image" -- sh -c "$attack" /proc/1/exe
    owed=''
    # shellcheck disable=SC2086
    run $options "$image" -- sh -c "$attack" "/proc/$PPID/exe"
    owed=''
    expect_equal "$(cksum <"$caisson")" "$before" 'the launcher'
done
