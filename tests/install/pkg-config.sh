#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# g++ $(pkg-config --cflags --libs caisson), with the oldest standard that the headers take.
# shellcheck source=tests/install/lib.bash
. "$(dirname "$0")/lib.bash"

command -v pkg-config >/dev/null || { echo 'pkg-config is not installed' && exit 77; }
install_into "$work/prefix"
pc=$(find "$work/prefix" -name caisson.pc)
export PKG_CONFIG_PATH=${pc%/*}
libdir=$(pkg-config --variable=libdir caisson)
read -ra flags <<<"$CXXFLAGS $(pkg-config --cflags --libs caisson)"
"$CXX" -std=c++20 -Wall -Wextra -Wpedantic -Werror -Wno-missing-field-initializers \
    "$SOURCE/examples/run-in-directory.cc" "${flags[@]}" -o "$work/example"
check_example env LD_LIBRARY_PATH="$libdir" "$work/example"
[ "$(pkg-config --modversion caisson)" = "$("$work/prefix/bin/caisson" version | cut -d ' ' -f 2)" ]
