#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --home: the caller's home directory is /home/USER and HOME, in an image that can be written to and
# that stays as it is, whether or not it has a /home.
. "${0%/*}/harness.bash"

mkdir my-home
export HOME=$scratch/my-home USER=ann
name=$(id -un)
for kind in own debian; do
    use "$kind"
    before=$(listing "$image")
    # shellcheck disable=SC2016  # of the guest
    run --home "$image" -- sh -ec 'echo "$HOME"; ls /home; cd; echo "$1" >new; echo fleeting >/fleeting' sh "$kind"
    expect_output $'/home/ann\nann'
    expect_equal "$(cat my-home/new)" "$kind" 'what the guest has written'
    expect_equal "$(listing "$image")" "$before" 'the image'
done
use own
# shellcheck disable=SC2016
run --home -b /etc:/home/ann/etc:try "$image" -- sh -c 'df -m / | tail -n 1; echo $HOME; ls -d ~/etc'
expect_complaint "/home/ann/etc: No such file"
expect_match $'/\n/home/ann$'
run -W4m --home "$image" -- stat -fc '%b %S' /
expect_equal "$((${output% *} * ${output#* }))" 4194304 'the size of the tmpfs'
# shellcheck disable=SC2016
run --home --set-env=HOME=/elsewhere "$image" -- sh -c 'echo $HOME'
expect_output /elsewhere
for unset in "-u USER" 'USER=' 'USER=../etc'; do
    # shellcheck disable=SC2016,SC2206
    as_caller=(env $unset) && run --home "$image" -- sh -c 'echo $HOME'
    expect_output "/home/$name"
done
as_caller=(env -u HOME) && run --home "$image" -- true
expect_error 'options: --home: HOME is not set \(--home shows the directory that HOME names\)'
as_caller=(env HOME=/nonesuch) && run --home "$image" -- true
expect_error "options: HOME \"/nonesuch\": can't be found \(--home shows"
