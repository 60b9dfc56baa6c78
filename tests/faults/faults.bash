# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# What the tests of this directory share: a scratch directory that is gone at the end, copies of the
# programs that every user can reach, an image with things in it that a sandbox has to withstand, and
# the identities to run as.
set -euo pipefail

name=$(basename "$0")
scratch='' caisson='' identities=() as=()
failures=0
asserted=0

note() { printf '%s: %s\n' "$name" "$*"; }
skip() { note "skipped: $*" && exit 77; }
wrong() {
    printf '%s: FAILED: %s\n' "$name" "$*"
    failures=$((failures + 1))
}

# holds WHAT COMMAND...: one assertion.
holds() {
    local what=$1
    shift
    asserted=$((asserted + 1))
    "$@" || wrong "$what"
}

finish() {
    note "$* ($asserted assertions, $failures failed)"
    [ "$failures" = 0 ] || exit 1
}

# Root mounts things below the image, and nobody else is to see that.
enter_own_mount_namespace() {
    [ "$(id -u)" = 0 ] || return 0
    [ -z "${CAISSON_FAULTS_INSIDE-}" ] || return 0
    CAISSON_FAULTS_INSIDE=1 exec unshare --mount --propagation private "$0" "$@"
}

cleanup() {
    local status=$?
    cd /
    # As root it is a file system of its own, and what is mounted there goes with the namespace.
    [ "$(id -u)" != 0 ] || umount --lazy "$scratch" 2>/dev/null || true
    rm -rf -- "$scratch"
    exit "$status"
}

# make_scratch PROGRAM...: $scratch, and copies of the programs in $scratch/bin.
make_scratch() {
    local program
    umask 022
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/caisson-$name.XXXXXX")
    trap cleanup EXIT
    trap 'exit 143' TERM INT HUP
    [ "$(id -u)" != 0 ] || mount -t tmpfs -o mode=755 tmpfs "$scratch"
    chmod 755 "$scratch"
    mkdir "$scratch/bin"
    for program in "$@"; do install -m 755 "$program" "$scratch/bin/"; done
    caisson=$scratch/bin/caisson
}

find_busybox() {
    if [ -n "${CAISSON_TEST_BUSYBOX-}" ]; then
        echo "$CAISSON_TEST_BUSYBOX/bin/busybox"
    else
        command -v busybox
    fi
}

# make_image DIRECTORY: busybox and its names.
make_image() {
    local image=$1 busybox applet
    busybox=$(find_busybox) || skip 'there is no busybox to make an image of'
    mkdir -p "$image"/{bin,dev,etc,proc,root,sys,tmp,usr,var,mnt,data,links}
    install -m 755 "$busybox" "$image/bin/busybox"
    for applet in $("$busybox" --list); do
        [ "$applet" = busybox ] || ln -s busybox "$image/bin/$applet"
    done
    : >"$image/etc/passwd"
    : >"$image/etc/group"
    : >"$image/etc/hosts"
    echo 'of the image' >"$image/etc/plain"
}

# Links that lead out of the image wherever they are followed without it being `/`.
add_evil_links() {
    local image=$1 outside=$2
    ln -s /etc "$image/links/absolute"
    ln -s ../../../../../../../../etc "$image/links/upwards"
    ln -s /proc/1/root "$image/links/magic"
    ln -s "$outside" "$image/links/outside"
    ln -s round "$image/links/round"
}

# Mounts below mounts, to be covered by every recursive restriction. For root only.
add_mounts_below() {
    local directory=$1
    mount -t tmpfs -o mode=777 tmpfs "$directory"
    mkdir -m 777 "$directory/inner"
    mount -t tmpfs -o mode=777,nosuid,noatime tmpfs "$directory/inner"
    mkdir -m 777 "$directory/inner/with blank"
    mount -t tmpfs -o mode=777,nodev,noexec tmpfs "$directory/inner/with blank"
    # Two on one place: a look-up ends at the second.
    mount -t tmpfs -o mode=777,nosuid,nodev tmpfs "$directory/inner/with blank"
}

# The identities to run as, in $identities: words for as_identity.
find_identities() {
    identities=("$(id -un)")
    case ${CAISSON_FAULTS_AS-} in
        root) [ "$(id -u)" = 0 ] || skip 'needs root' && return 0 ;;
        user) [ "$(id -u)" != 0 ] || { identities=("${CAISSON_TEST_USER:?}") && return 0; } ;;
    esac
    [ "$(id -u)" = 0 ] || return 0
    if [ -n "${CAISSON_TEST_USER-}" ]; then
        identities+=("$CAISSON_TEST_USER")
    else
        note 'no CAISSON_TEST_USER: not run as an ordinary user'
    fi
}

# as_identity NAME COMMAND...: the word list of $as is put in front of a command.
set_identity() {
    as=()
    [ "$1" = "$(id -un)" ] || as=(setpriv "--reuid=$1" "--regid=$(id -g "$1")" --init-groups --)
}
