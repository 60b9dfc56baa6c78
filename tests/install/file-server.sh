#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The file server of examples/, built against the installed library: what it serves, and what nobody
# gets out of it, neither by requests nor from inside (escapes.cc). As an ordinary user, and as root
# where this is root.
# shellcheck source=tests/install/lib.bash
. "$(dirname "$0")/lib.bash"

command -v curl >/dev/null || { echo 'curl is not installed' && exit 77; }
[ -e /usr/include/httplib.h ] || { echo 'libcpp-httplib-dev is not installed' && exit 77; }
pids=()
trap '[ "${#pids[@]}" = 0 ] || kill "${pids[@]}" 2>/dev/null || true; rm -rf -- "$work"' EXIT
chmod 755 "$work"

build() {
    install_into "$work/prefix"
    local pc
    pc=$(find "$work/prefix" -name caisson.pc)
    export PKG_CONFIG_PATH=${pc%/*}
    read -ra flags <<<"$CXXFLAGS $(pkg-config --cflags --libs caisson)"
    LD_LIBRARY_PATH=$(pkg-config --variable=libdir caisson)
    export LD_LIBRARY_PATH
    "$CXX" -std=c++20 -Wall -Wextra -Werror -Wno-missing-field-initializers \
        "$SOURCE/tests/install/escapes.cc" "${flags[@]}" -o "$work/escapes"
    "$CMAKE" -S "$SOURCE/examples" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" \
        -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_CXX_FLAGS="$CXXFLAGS" >"$work/log" || { cat "$work/log" && exit 1; }
    "$CMAKE" --build "$work/build" --target file-server >"$work/log" || { cat "$work/log" && exit 1; }
}

make_files() {
    mkdir -p "$1"/{served/deep/er,served/with-index,outside}
    echo 'out of reach' >"$1/outside/secret"
    echo '0123456789' >"$1/served/digits.txt"
    echo 'home' >"$1/served/with-index/index.html"
    echo 'harmless' >"$1/served/deep/secret"
    : >"$1/served/a name with <blanks> & signs"
    ln -s "$1/outside/secret" "$1/served/absolute"
    ln -s "../../../../../..$1/outside/secret" "$1/served/relative"
    ln -s "$1/outside" "$1/served/directory"
    ln -s deep/secret "$1/served/harmless"
    ln -s /proc/self/root "$1/served/root"
    mkfifo "$1/served/pipe"
    chmod -R a+rX "$1"
    [ -z "$user" ] || chown -R "$user" "$1"
}

serve() {
    : >"$files/log"
    "${as[@]}" "$work/build/file-server" --kill 127.0.0.1 0 "$files/served" >"$files/log" 2>&1 &
    pids+=($!)
    local tries
    for ((tries = 0; tries < 500; tries++)); do
        port=$(sed -n 's/^listening on //p' "$files/log")
        [ -z "$port" ] || return 0
        sleep 0.02
    done
    die "no server: $(cat "$files/log")"
}

get() { curl -sS --path-as-is --max-time 10 "$@"; }

# expect WANTED CURL-ARGUMENT...
expect() {
    local wanted=$1 got
    shift
    got=$(get "$@") || die "curl $*: $got"
    [ "$got" = "$wanted" ] || die "curl $*: \"$got\", not \"$wanted\""
    asserted=$((asserted + 1))
}

check_service() {
    local url=http://127.0.0.1:$port
    expect 0123456789 "$url/digits.txt"
    expect 234 -r 2-4 "$url/digits.txt"
    expect 89 -r -3 "$url/digits.txt"
    expect '206 bytes 2-4/11' -r 2-4 -o /dev/null -w '%{http_code} %header{content-range}' "$url/digits.txt"
    expect '200 11' -I -o /dev/null -w '%{http_code} %header{content-length}' "$url/digits.txt"
    expect home "$url/with-index/"
    expect '301 /with-index/' -o /dev/null -w '%{http_code} %header{location}' "$url/with-index"
    expect harmless "$url/harmless"
    expect 404 -o /dev/null -w '%{http_code}' "$url/nonesuch"
    expect 403 -o /dev/null -w '%{http_code}' "$url/pipe"
    expect 404 -o /dev/null -w '%{http_code}' -X POST -d x "$url/digits.txt"
    get "$url/" | grep -qF 'a%20name%20with%20%3Cblanks%3E%20%26%20signs">a name with &lt;blanks> &amp; signs</a>' ||
        die 'the index does not name a file as it should'
}

check_requests() {
    local url=http://127.0.0.1:$port path
    for path in "/../outside/secret" "/deep/../../outside/secret" "/%2e%2e/outside/secret" "/..%2foutside%2fsecret" \
        "/../../../../../..$files/outside/secret" "$files/outside/secret" /absolute /relative /directory/secret \
        "/root$files/outside/secret" /proc/self/root/etc/passwd /etc/passwd "//$files/outside/secret"; do
        [[ $(get "$url$path") != *'out of reach'* && $(get "$url$path") != *root:* ]] || die "$path leads out"
        asserted=$((asserted + 1))
    done
}

# A directory that becomes a link and back, as fast as can be.
check_race() {
    local url=http://127.0.0.1:$port i swapper got
    (
        cd "$files/served" && ln -s "$files/outside" link && mkdir real && echo harmless >real/secret
        while :; do mv -T real swapped && mv -T link real && mv -T real link && mv -T swapped real; done
    ) 2>/dev/null &
    swapper=$!
    pids+=("$swapper")
    for ((i = 0; i < 20; i++)); do
        got=$(get "$url/real/secret" "$url/real/../real/secret" "$url/swapped/secret" "$url/link/secret")
        [[ $got != *'out of reach'* ]] || die 'a race led out'
    done
    kill "$swapper"
    asserted=$((asserted + 1))
}

# The server is gone with its supervisor, which ends as it does.
check_end() {
    local supervisor=${pids[0]} status=0
    kill -TERM "$supervisor"
    wait "$supervisor" || status=$?
    [ "$status" = 143 ] || die "status $status, not 143"
    ! get "http://127.0.0.1:$port/" >/dev/null 2>&1 || die 'it still answers'
}

check_inside() {
    local listener status=0 output
    listener=caisson-escapes-$$
    python3 -c 'import socket,sys,time
s = socket.socket(socket.AF_UNIX); s.bind("\0" + sys.argv[1]); s.listen(); time.sleep(60)' "$listener" &
    pids+=($!)
    output=$("${as[@]}" "$work/escapes" "$files/served" "$files/outside/secret" "$listener") || status=$?
    printf '%s\n' "$output"
    [ "$status" = 0 ] || die "status $status: not every attempt failed"
    [[ $output == *'0 escaped'* && $(wc -l <<<"$output") -ge 30 ]] || die 'not every attempt was made'
}

check_as() {
    user=$1 files=$work/files-${1:-self} as=() pids=()
    [ -z "$user" ] || as=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups --inh-caps=-all --)
    make_files "$files"
    serve
    check_service
    check_requests
    check_race
    check_inside
    check_end
}

asserted=0
build
check_as ''
[ "$(id -u)" != 0 ] || [ -z "${CAISSON_TEST_USER-}" ] || check_as "$CAISSON_TEST_USER"
echo "$asserted requests answered as they should be"
