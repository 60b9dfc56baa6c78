#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# find_package(caisson): the example with the shared and with the static library.
# shellcheck source=tests/install/lib.bash
. "$(dirname "$0")/lib.bash"

install_into "$work/prefix"
"$CMAKE" -S "$SOURCE/examples" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" \
    -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_CXX_FLAGS="$CXXFLAGS" >"$work/log" || { cat "$work/log" && exit 1; }
"$CMAKE" --build "$work/build" --target run-in-directory run-in-directory-static memory-file >"$work/log" || { cat "$work/log" && exit 1; }
check_example "$work/build/run-in-directory"
check_example "$work/build/run-in-directory-static"
check_memory_file "$work/build/memory-file"
ldd "$work/build/run-in-directory" | grep -q "libcaisson.so.* => $work/prefix" || die 'not the installed library'
if ldd "$work/build/run-in-directory-static" | grep -q libcaisson; then die 'not static'; fi
