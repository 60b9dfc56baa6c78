# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# For sourcing by tools/bench: who takes part, each as one line of name and argv, separated by tabs.
# All of them get the same image, read-only, and the same mounts. What a peer can't do is in its name.
# Wants: bin (floor, true, caisson), image, bundles, state, accounts (passwd and group for those who
# don't generate them, which is in their favour), sources (of binds).
# shellcheck disable=SC2154

contestant() {
    local IFS=$'\t'
    printf '%s\n' "$*"
}

# The files of the host that are bound where both ends exist.
etc_files() {
    local file
    for file in hosts resolv.conf machine-id; do
        [ ! -e "/etc/$file" ] || printf '%s\n' "/etc/$file"
    done
}

# bwrap_argv LINE...  sets the array bwrap: the same mounts as caisson's default; /proc is $1's.
bwrap_argv() {
    local file
    bwrap=(bwrap --ro-bind "$image" / --dev-bind /dev /dev "$@" --bind /sys /sys --bind /tmp /tmp
        --ro-bind "$accounts/passwd" /etc/passwd --ro-bind "$accounts/group" /etc/group)
    while read -r file; do
        bwrap+=(--ro-bind "$file" "$file")
    done < <(etc_files)
}

# Without a program there is no contestant; its name then says why in the table.
peer() {
    if command -v "$2" >/dev/null; then
        contestant "$@"
    else
        contestant "$1" "$bin/missing" "$2"
    fi
}

caisson_line() {
    if [ -x "$bin/caisson" ]; then
        contestant caisson "$bin/caisson" run "$@"
    else
        contestant caisson "$bin/missing" caisson
    fi
}

oci_lines() {
    local bundle=$bundles/$1
    peer crun crun --root "$state/crun" --cgroup-manager=disabled run -b "$bundle" "bench-crun-$1-#"
    peer runc runc --root "$state/runc" run -b "$bundle" "bench-runc-$1-#"
}

default_contestants() {
    local bwrap
    bwrap_argv --bind /proc /proc
    contestant true "$bin/true"
    contestant floor "$bin/floor" default "$image" /bin/true
    caisson_line "$image" -- /bin/true
    peer bwrap "${bwrap[@]}" /bin/true
    peer ch-run ch-run "$image" -- /bin/true
    peer 'caisson as ch-run' "$bin/ch-run" "$image" -- /bin/true
    oci_lines default
    peer 'unshare, no mounts' unshare -U -m -c -R "$image" /bin/true
    peer 'unshare, mount(8)' unshare -U -m -r "$bin/unshare-mounts" "$image" /bin/true
}

private_contestants() {
    local bwrap
    bwrap_argv --proc /proc
    contestant true "$bin/true"
    contestant floor "$bin/floor" private "$image" /bin/true
    caisson_line --private all "$image" -- /bin/true
    peer 'bwrap, no time ns' "${bwrap[@]}" --unshare-all /bin/true
    oci_lines private
    peer 'unshare, no mounts' unshare -U -r -m -p -f -i -n -u -C -T --mount-proc -R "$image" \
        /bin/true
}

# binds_contestants COUNT NAME...: those named, with COUNT binds on top of the default mounts.
binds_contestants() {
    local count=$1 ours=() bwrap i
    shift
    bwrap_argv --bind /proc /proc
    for ((i = 0; i < count; i++)); do
        ours+=(-b "$sources/$i:/mnt/$i")
        bwrap+=(--bind "$sources/$i" "/mnt/$i")
    done
    contestant floor "$bin/floor" default -b "$count" "$sources" "$image" /bin/true
    [[ " $* " != *' caisson '* ]] || caisson_line "${ours[@]}" "$image" -- /bin/true
    [[ " $* " != *' bwrap '* ]] || peer bwrap "${bwrap[@]}" /bin/true
}

# merge_contestants COUNT...: files of one directory, bound with `merge`.
merge_contestants() {
    local count ours i
    contestant floor "$bin/floor" default "$image" /bin/true
    for count in "$@"; do
        ours=()
        for ((i = 0; i < count; i++)); do
            ours+=(-b "$files/$i:/merged/$i:ro,merge")
        done
        contestant "$count merged" "$bin/caisson" run "${ours[@]}" "$image" -- /bin/true
    done
}
