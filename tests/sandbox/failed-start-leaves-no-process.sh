#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A start that fails leaves no process of ours behind, whoever helped from outside: the one that writes
# id maps, the one that takes the times, the init. (run-test looks for them at the end.)
. "${0%/*}/harness.bash"

use busybox
for helped in --trace=trace.json '--id-map subids' '--private pid' '--private all --id-map subids' '--timeout 9' ''; do
    for wrong in '-c /nonesuch' '-b /nonesuch:/var' '--id-map 7:7:7' '--rlimit nofile=99999999999'; do
        # shellcheck disable=SC2086  # several words
        run $helped $wrong "$image" -- true
        owed=''
    done
    # shellcheck disable=SC2086
    run $helped "$image" -- nonesuch
    owed=''
done
