#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Two hundred random environments and lists of options give each program what a plain model of the rules,
# written apart from caisson, says that it gets.
. "${0%/*}/harness.bash"

use own
cd "$scratch"
seed=${CAISSON_TEST_SEED:-$(od -An -tu4 -N4 /dev/urandom | tr -d ' ')}
"$guests/environment-model" "$caisson" "$image" "$seed" 200 || fail "seed $seed"
