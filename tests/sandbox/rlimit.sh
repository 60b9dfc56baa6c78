#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --rlimit: soft and hard limits hold inside; a limit that can't be had is an error.
. "${0%/*}/harness.bash"

use debian
run --rlimit nofile=100:200 "$image" -- bash -c 'ulimit -Sn; ulimit -Hn'
expect_output $'100\n200'
run --rlimit core=0 --rlimit fsize=1024 --rlimit cpu=77 "$image" -- bash -c 'ulimit -c; ulimit -Hc; ulimit -f; ulimit -t'
expect_output $'0\n0\n1\n77'
run --rlimit as=unlimited --rlimit stack=1048576 "$image" -- bash -c 'ulimit -s'
expect_output 1024
run --private all --rlimit nproc=55 "$image" -- bash -c 'ulimit -u'
expect_output 55

refused() {
    run --rlimit "$1" "$image" -- true
    expect_error "$2"
}
refused nofiles=1 'options: --rlimit "nofiles=1": there is no such limit \(there are: as, core, cpu'
refused nofile 'a limit is NAME=SOFT'
refused nofile=1:2:3 'a limit is NAME=SOFT'
refused nofile=x 'a number or unlimited'
refused nofile=2:1 'a soft limit is above its hard one'
if [ "$as" = user ]; then
    ulimit -c 0
    refused core=1:1 'limits: prlimit "[^"]+": Operation not permitted \(a hard limit can.t be raised'
fi
