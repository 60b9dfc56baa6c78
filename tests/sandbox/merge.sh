#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Binds with `merge` share a mount of their directory and stand at their places as links, over what the
# image has there; what a link can't show has a mount of its own. All of it is read-only.
. "${0%/*}/harness.bash"

mkdir lib lib/dir other
for name in a b.1 unasked dir/file; do echo "$name" >"lib/$name"; done
ln -s b.1 lib/b
ln -s ../other/far lib/away
echo far >other/far
merged() { merges+=(-b "$scratch/$1:$2:ro,merge${3-}"); }
for kind in own debian; do
    use "$kind"
    before=$(listing "$image")
    merges=()
    merged lib/a /usr/lib/merged/a
    merged lib/b /etc/passwd.merged
    merged lib/dir /bin/dir
    merged lib/a /etc/hostname
    merged lib/b.1 /dir/over
    merged lib/away /away
    merged other/far /far ,nosuid
    merged nonesuch /never ,try
    for options in '' -W '--id-map subids'; do
        [[ $options != --id* || $as = user ]] || options='--id-map 0:0:65536'
        # shellcheck disable=SC2086
        run $options -t --no-passwd "${merges[@]}" -b other:/dir:ro "$image" -- sh -c 'cat /usr/lib/merged/a /etc/passwd.merged /bin/dir/file /etc/hostname /away /far
            ls /dir; ls -d /never; readlink /etc/hostname; readlink /away; stat -c %a / /etc
            for name in /usr/lib/merged/a /bin/dir/new /far; do ! echo x >>$name || echo "$name can be written"; done 2>/dev/null'
        expect_output "$(printf '%s\n' a b.1 dir/file a far far far /.caisson/0/a 755 755)"
        expect_equal "$(cat lib/a)" a "the host's file"
        owed='' && expect_equal "$(listing "$image")" "$before" 'the image'
    done
done
