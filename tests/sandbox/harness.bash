#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# What the scripts here share; each begins with `. "${0%/*}/harness.bash"`, asserts one property of
# `caisson run`, and ends with 0, or with 77 after skip(). run-test starts them, as root and as an
# ordinary user. A run that failed and that no expect_… has looked at fails the script.
#
#   $caisson          the program            $image    what use() has chosen
#   $as               user or root           $scratch  a directory of this script's, in /tmp
#   $status $output $errors  of the last run
set -euo pipefail
shopt -s inherit_errexit
umask 022
export CAISSON_CONFIG='' # this machine's own says nothing here
unset TMPDIR # it would be the guest's /tmp
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
caisson=${CAISSON_TEST_PREFIX:+$CAISSON_TEST_PREFIX/bin/caisson}
caisson=${caisson:-${CAISSON_TEST_BUILD:-$here/../../build/release}/caisson}
guests=${CAISSON_TEST_PREFIX:+$CAISSON_TEST_PREFIX/tests/guests}
guests=${guests:-${CAISSON_TEST_BUILD:-$here/../../build/release}/tests/guests}
as=${CAISSON_TEST_AS:-$([ "$(id -u)" = 0 ] && echo root || echo user)}
# Ids outside of the namespace that own_mounts() may have made.
uid=${CAISSON_TEST_UID:-$(id -u)} gid=${CAISSON_TEST_GID:-$(id -g)}

scratch=${CAISSON_TEST_OWN_MOUNTS:-$(mktemp -d /tmp/caisson-sandbox.XXXXXX)}
chmod 755 "$scratch"
# shellcheck disable=SC2034  # for the scripts
image='' guest=''
ran='' status=0 output='' errors='' owed='' pid=''
background=()  # processes of the script's own to be killed at the end
as_caller=()  # a command that starts the program, after own_mounts() one that is an ordinary user again

# ---- verdicts ----

fail() {
    owed=''
    printf 'FAILED: %s\n' "$*"
    [ -z "$ran" ] || printf '$ %s\nstatus: %s\nstdout: %s\nstderr: %s\n' "$ran" "$status" "$output" "$errors"
    exit 1
} >&2

skip() {
    owed=''
    echo "$*"
    exit 77
}

# A sanitizer build is dynamic, and reads /proc before main().
is_static() { ! ldd "$caisson" >/dev/null 2>&1; }

need() {
    local tool
    for tool in "$@"; do command -v "$tool" >/dev/null || skip "$tool is not installed"; done
}

# ---- images ----

# use debian|busybox  a shared image, never written;  use own  a busybox that is this script's.
use() {
    case $1 in
        debian) image=${CAISSON_TEST_ROOTFS:-$(cached_rootfs)} ;;
        busybox) image=${CAISSON_TEST_BUSYBOX:-$(make_busybox)} ;;
        own) image=$(make_busybox) ;;
    esac
    [ -d "$image" ] || skip "there is no $1 image"
}

cached_rootfs() {
    local dir
    for dir in /var/cache/caisson/rootfs "${XDG_CACHE_HOME:-${HOME-}/.cache}/caisson/rootfs"; do
        [ ! -e "$dir/bin/sh" ] || { echo "$dir" && return; }
    done
}

make_busybox() {
    local dir=$scratch/image name
    if [ -d "$dir" ]; then
        :
    elif [ -n "${CAISSON_TEST_BUSYBOX-}" ]; then
        cp -R "$CAISSON_TEST_BUSYBOX" "$dir"
    else
        mkdir -p "$dir"/{bin,dev,etc,proc,root,sys,tmp,usr,var}
        install -m 755 /bin/busybox "$dir/bin/busybox"
        for name in $("$dir/bin/busybox" --list); do
            [ "$name" = busybox ] || ln -s busybox "$dir/bin/$name"
        done
    fi
    echo "$dir"
}

# Every name below a directory, with all that a write would change.
listing() { (cd "$1" && find . -printf '%p %y %m %U %G %s %T@ %l\n' | LC_ALL=C sort); }

# A program of tests/guests, at a path that is the same inside: the host's /tmp is shown there.
guest() {
    guest=$scratch/$1
    [ -x "$guest" ] || cp "$guests/$1" "$guest" || skip "the guest $1 has not been built"
}

# ---- running ----

run() {
    settle
    ran="caisson run $*"
    status=0
    : >"$scratch/.out" # written by appending: a guest may open its standard output anew
    "${as_caller[@]}" "$caisson" run "$@" >>"$scratch/.out" 2>"$scratch/.err" || status=$?
    finished
}

# As run, by the name of ch-run.
ch_run() {
    settle
    ran="ch-run $*"
    status=0
    mkdir -p "$scratch/bin"
    ln -sf "$caisson" "$scratch/bin/ch-run"
    : >"$scratch/.out"
    "${as_caller[@]}" "$scratch/bin/ch-run" "$@" >>"$scratch/.out" 2>"$scratch/.err" || status=$?
    finished
}

# As run, in the background; $pid is the process. finish() waits for it.
start() {
    settle
    ran="caisson run $*"
    : >"$scratch/.out"
    "${as_caller[@]}" "$caisson" run "$@" >>"$scratch/.out" 2>"$scratch/.err" &
    pid=$!
}

finish() {
    status=0
    wait "$pid" 2>/dev/null || status=$?
    finished
}

finished() {
    owed=1
    # A sanitizer build finds the child on a stack that it does not know, and says so.
    sed -i '/^==[0-9]*==WARNING: ASan is ignoring/,/^For details see/d' "$scratch/.err"
    read_file output "$scratch/.out"
    read_file errors "$scratch/.err"
}

# A guest may print anything; bash can't hold a NUL.
read_file() { printf -v "$1" '%s' "$(tr -d '\0' <"$2")"; }

# await COMMAND…  until it succeeds, for ten seconds.
await() {
    local tries
    for ((tries = 0; tries < 500; tries++)); do
        ! "$@" >/dev/null 2>&1 || return 0
        sleep 0.02
    done
    fail "in vain: $*"
}

is_gone() { [ ! -e "/proc/$1" ] || grep -q '^State:.*Z' "/proc/$1/status"; }

# ---- expectations, of the last run ----

settle() {
    [ -n "$owed" ] || return 0
    [ "$status" = 0 ] || fail "status $status"
    [[ $errors != *'caisson: '* ]] || fail 'a message from caisson, though all went well'
    owed=''
}

expect_status() {
    [ "$status" = "$1" ] || fail "status $status, not $1"
    owed=''
}

expect_output() { [ "$output" = "$1" ] || fail "output is not: $1"; }
expect_match() { [[ $output =~ $1 ]] || fail "output does not match: $1"; }
expect_no_match() { [[ ! $output =~ $1 ]] || fail "output matches: $1"; }
# What the guest complained of; it has failed.
expect_complaint() {
    if [ "$status" = 0 ] || [ "$status" -ge 125 ]; then fail "status $status, not the guest's own failure"; fi
    [[ $errors =~ $1 ]] || fail "stderr does not match: $1"
    owed=''
}

# caisson's own message: one line of `phase: operation "subject": reason (hint)`. Status 125 unless
# expect_status has said otherwise.
expect_error() {
    [ -z "$owed" ] || expect_status 125
    [ "$(wc -l <"$scratch/.err")" = 1 ] || fail 'the message is not one line'
    [[ $errors =~ ^'caisson: ' ]] || fail 'the message is not from caisson'
    [[ $errors =~ $1 ]] || fail "the message does not match: $1"
}

# expect_ch_run_error STATUS TEXT: the one line, without its prefix and whole.
expect_ch_run_error() {
    expect_status "$1"
    [[ $errors =~ ^'ch-run['[0-9]+']: error: '(.*)$ ]] || fail 'the message is not from ch-run'
    [ "${BASH_REMATCH[1]}" = "$2" ] || fail "the message is not: $2"
}

# expect_equal ACTUAL WANTED WHAT
expect_equal() { [ "$1" = "$2" ] || fail "$3 is \"$1\", not \"$2\""; }

# ---- preparing mounts on the host's side ----

# Goes on in a mount namespace of the script's own, where it may mount. For an ordinary user that
# takes a user namespace, in which the script is root; run() then leaves that role again.
own_mounts() {
    local enter=(unshare --mount)
    if [ -n "${CAISSON_TEST_OWN_MOUNTS-}" ]; then
        [ "$as" = root ] || as_caller=(unshare --user "--map-user=$uid" "--map-group=$gid" --)
        return 0
    fi
    [ "$as" = root ] || enter=(unshare --map-root-user --mount)
    "${enter[@]}" mount -t tmpfs none "$scratch" || skip 'mounting in a namespace of its own is not allowed here'
    export CAISSON_TEST_OWN_MOUNTS=$scratch CAISSON_TEST_AS=$as CAISSON_TEST_UID=$uid CAISSON_TEST_GID=$gid
    exit_code=0
    "${enter[@]}" -- "$0" || exit_code=$?
    unset CAISSON_TEST_OWN_MOUNTS # the mounts are gone, and what they covered can be removed
    exit "$exit_code"
}

# ---- the end ----

# Nothing may be left: the processes are run-test's to look for.
cleanup() {
    local code=$?
    trap - EXIT
    [ "${#background[@]}" = 0 ] || kill "${background[@]}" 2>/dev/null || true
    [ "$code" != 0 ] || [ -z "$owed" ] || (settle) || code=1
    [ -z "${CAISSON_TEST_OWN_MOUNTS-}" ] || exit "$code"
    if grep -F "$scratch" /proc/self/mountinfo >&2; then
        echo 'FAILED: mounts are left' >&2
        code=1
    fi
    rm -rf -- "$scratch" 2>/dev/null || remove_foreign || code=1
    exit "$code"
}

# Files of subordinate ids are removed by whoever is root over them.
remove_foreign() {
    unshare --user --map-root-user --map-auto rm -rf -- "$scratch" 2>/dev/null ||
        { chmod -R u+rwx "$scratch" && rm -rf -- "$scratch"; }
}

trap cleanup EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
exec </dev/null
cd "$scratch"
