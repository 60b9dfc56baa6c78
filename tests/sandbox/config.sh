#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The user's configuration file: below what the command line says, with the line of every value, and
# refused where it is wrong or somebody else's.
. "${0%/*}/harness.bash"

use own
mkdir -p "$scratch/home/.config/caisson" "$scratch/data"
file=$scratch/home/.config/caisson/config.toml
export HOME=$scratch/home V=caller GONE=1
unset -v XDG_CONFIG_HOME CAISSON_CONFIG || true
cat >"$file" <<END
# Binds, then variables.
bind = ["$scratch/data:/tmp/data"]
unset-env = ["GONE"]
set-env = ["V=file",
           "W=\$V:w"]
END
run -t "$image" -- sh -c 'echo $V,$W,$GONE; ls -d /tmp/data'
expect_output $'file,file:w,\n/tmp/data'
run -t --set-env=V=line "$image" -- sh -c 'echo $V,$W'
expect_output line,file:w
run -t --no-config "$image" -- sh -c 'echo $V,$W,$GONE; ls /tmp'
expect_output caller,,1
CAISSON_CONFIG='' run -t "$image" -- sh -c 'echo $V'
expect_output caller
shown=$("$caisson" config show)
expect_equal "$shown" "bind = $scratch/data:/tmp/data  # $file:2
unset-env = GONE  # $file:3
set-env = V=file  # $file:4
set-env = W=\$V:w  # $file:5" 'caisson config show'
expect_equal "$("$caisson" config show --json | jq -c '.[] | [.key, .line]' | xargs)" \
    '[bind,2] [unset-env,3] [set-env,4] [set-env,5]' 'as JSON'
chmod o+w "$file"
run "$image" -- true
expect_error "config: \"$file\": could have been written by another user"
echo 'bnd = []' >"$file" && chmod o-w "$file"
run "$image" -- true
expect_error "config: $file:1 \"bnd\": there is no such key \(did you mean bind\?\)"
