#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --fake-root: what only root may do "succeeds" and does nothing, by whichever of the kernel's tables it is
# called; FIFOs are really made.
# Only as user: root may do all of it.
. "${0%/*}/harness.bash"

use busybox
guest calls-of-root
mkdir work
touch work/file
before=$(stat -c "%u %g %a" work/file)
calls=(chown lchown setgroups setresuid capset 'mknod c' 'mknod b' 'x32 chown')
say() { printf "%s $1\n" "${@:2}"; }
run "$image" -- "$guest" "$scratch/work"
expect_output "$(say refused "${calls[@]}" && say succeeded 'mknod p' && echo 'a FIFO' && echo 'no device')"
rm work/fifo
run --fake-root "$image" -- "$guest" "$scratch/work"
expect_output "$(say succeeded "${calls[@]}" 'mknod p' && echo 'a FIFO' && echo 'no device')"
expect_equal "$(stat -c "%u %g %a" work/file)" "$before" 'the file that was given away'
rm work/fifo

# The shell's way to the same.
use debian
run --fake-root "$image" -- sh -ec 'cd "$1"; chown 1:2 file; chgrp -h 3 file; mknod d c 1 3; mknod e b 7 0
    mkfifo f; mknod g p; perl -e "\$) = q(0 5 6); die \$! if \$!; \$< = 9; die \$! if \$!"; ls' - "$scratch/work"
expect_output $'f\nfile\ng'
run --fake-root --allow-new-privs "$image" -- true
expect_error 'spec: fake_root: needs no_new_privileges'

run "$image" -- "$guest" "$scratch/work" i386
[ "$status" = 0 ] || skip 'all is well but for the calls of 32-bit programs, which this kernel lacks'
expect_match 'chown32 refused.*mknod c refused'
run --fake-root "$image" -- "$guest" "$scratch/work" i386
expect_match 'chown32 succeeded.*mknod c succeeded.*no device'
