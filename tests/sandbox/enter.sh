#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `caisson enter`: a server that knows nothing of it has a directory as its whole file system; the
# process outside passes signals on and ends as the server does.
. "${0%/*}/harness.bash"
need curl
busybox=/bin/busybox
[ -x $busybox ] || skip 'there is no static busybox'
mkdir "$scratch/www" "$scratch/outside"
echo inside >"$scratch/www/page"
echo secret >"$scratch/outside/secret"
ln -s "$scratch/outside/secret" "$scratch/www/link"
chmod -R a+rX "$scratch/www"

enter() { "$caisson" enter --dir "$scratch/www" "$@"; }

# Found on the host, executed by its descriptor, in a directory that has no program.
expect_equal "$(enter busybox ls / | tr '\n' ' ')" 'link page ' 'what is there'
expect_equal "$(enter busybox sh -c 'echo $$; [ -e /proc ] && echo proc; true')" 2 'the process, and no /proc'
! enter --read-only busybox touch /new 2>/dev/null || fail 'a read-only directory was written to'

status=0 && enter busybox sh -c 'exit 7' || status=$?
expect_equal "$status" 7 'the status of an exit'
status=0 && enter busybox sh -c 'kill -TERM $$' 2>/dev/null || status=$?
expect_equal "$status" 143 'the status of a death'

# A server that binds its own port.
port=$((20000 + $$ % 20000))
"$caisson" enter --dir "$scratch/www" --seccomp log busybox httpd -f -p "127.0.0.1:$port" &
server=$!
background+=("$server")
await curl -sf "http://127.0.0.1:$port/page"
expect_equal "$(curl -s "http://127.0.0.1:$port/page")" inside 'the page'
for path in link ../outside/secret "$scratch/outside/secret"; do
    [[ $(curl -s --path-as-is "http://127.0.0.1:$port/$path") != *secret ]] || fail "$path leads out"
done
kill -TERM "$server"
status=0 && wait "$server" || status=$?
expect_equal "$status" 143 'the status of the server that was ended through its supervisor'
