# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# For sourcing by tools/bench: OCI bundles for crun and runc with the mounts of `caisson run`.
# Wants: image, accounts, and user_id and group_id of the user who runs them.
# shellcheck disable=SC2154

# oci_bind FROM TO OPTION...: recursive, as one JSON object and a comma.
oci_bind() {
    local from=$1 to=$2
    shift 2
    printf '{"destination":"%s","type":"bind","source":"%s","options":["rbind"' "$to" "$from"
    printf ',"%s"' "$@"
    printf ']},\n'
}

oci_mounts() {
    local file
    oci_bind /dev /dev rw
    if [ "$1" = private ]; then
        printf '{"destination":"/proc","type":"proc","source":"proc"},\n'
    else
        oci_bind /proc /proc rw
    fi
    oci_bind /sys /sys rw
    oci_bind "$accounts/passwd" /etc/passwd ro
    oci_bind "$accounts/group" /etc/group ro
    while read -r file; do
        oci_bind "$file" "$file" ro
    done < <(etc_files)
    oci_bind /tmp /tmp rw | sed '$ s/,$//'
}

# An ordinary user needs a user namespace; root, as with caisson, keeps its own.
oci_namespaces() {
    local type types=(mount)
    [ "$user_id" = 0 ] || types+=(user)
    [ "$1" != private ] || types+=(pid network ipc uts cgroup)
    for type in "${types[@]}"; do
        printf '{"type":"%s"},' "$type"
    done | sed 's/,$//'
}

# runc refuses maps without the container's root, so the user is root in there.
oci_maps() {
    [ "$user_id" != 0 ] || return 0
    printf '"uidMappings":[{"containerID":0,"hostID":%s,"size":1}],' "$user_id"
    printf '"gidMappings":[{"containerID":0,"hostID":%s,"size":1}],\n' "$group_id"
}

# make_bundle DIR default|private
make_bundle() {
    mkdir -p "$1"
    cat >"$1/config.json" <<JSON
{"ociVersion":"1.0.2",
 "process":{"terminal":false,"user":{"uid":0,"gid":0},"args":["/bin/true"],
  "env":["PATH=/bin"],"cwd":"/","noNewPrivileges":true},
 "root":{"path":"$image","readonly":true},
 "mounts":[
$(oci_mounts "$2")
 ],
 "linux":{$(oci_maps)
  "namespaces":[$(oci_namespaces "$2")]}}
JSON
}
