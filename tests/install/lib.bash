# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# For the scripts here: a prefix of its own that goes at the end, and what the example has to print.
set -euo pipefail

work=$(mktemp -d "${TMPDIR:-/tmp}/caisson-install.XXXXXX")
trap 'rm -rf -- "$work"' EXIT

die() { printf '%s\n' "$*" >&2 && exit 1; }

install_into() { "$CMAKE" --install "$BUILD" --prefix "$1" >"$work/install.log"; }

# check_example PROGRAM...  runs it on the host's own root.
check_example() {
    local output status=0
    unshare --user --map-root-user true 2>/dev/null || [ "$(id -u)" = 0 ] ||
        { echo "no user namespaces for this user" && exit 77; }
    # shellcheck disable=SC2016  # for the shell inside
    output=$("$@" / /bin/sh -c 'echo "as process $$ on $(uname -n)"; exit 3') || status=$?
    printf '%s\n' "$output"
    [ "$status" = 3 ] || die "status $status, not 3"
    for line in 'namespaces: .*mount' 'greeting' '    call greet' '    /bin/sh -c ' \
        'a step of our own, before the program' 'as process 2 on example' 'it exited with 3'; do
        grep -q "^$line" <<<"$output" || die "the example did not print: $line"
    done
}

# check_memory_file PROGRAM  five ways, and each receiver finds the content and the seals.
check_memory_file() {
    local output way
    output=$("$1") || die "memory-file failed: $output"
    for way in socket fork path exec pidfd; do
        grep -Eq "^$way: \"content\", sealed: SEAL GROW WRITE SHRINK( EXEC)?\$" <<<"$output" ||
            die "the example did not show $way: $output"
    done
}
