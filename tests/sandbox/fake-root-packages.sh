#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A package whose files have several owners is unpacked by an ordinary user, with --fake-root and not
# without.
# Only as user: root can give files away.
. "${0%/*}/harness.bash"

need ar tar
use debian
mkdir -p control tree/usr/games tree/var/mail adm/info adm/updates inst
printf '%s\n' 'Package: owned' 'Version: 1' 'Architecture: all' 'Maintainer: nobody' \
    'Description: has owners' >control/control
echo high >tree/usr/games/score
touch tree/var/mail/box adm/status adm/available
chmod 2755 tree/usr/games/score
tar -C control --owner=0 --group=0 -cf control.tar ./control
tar -C tree --sort=name --owner=0 --group=60 -cf data.tar ./usr
tar -C tree --owner=8 --group=8 -rf data.tar ./var
echo 2.0 >debian-binary
ar rc owned.deb debian-binary control.tar data.tar

unpack() {
    run "$@" -u0 -g0 "$image" -- dpkg --force-script-chrootless --admindir="$scratch/adm" \
        --instdir="$scratch/inst" --unpack "$scratch/owned.deb"
}
unpack
expect_complaint "error setting ownership of .*: (Invalid argument|Operation not permitted)"
unpack --fake-root
expect_equal "$(cat inst/usr/games/score)" high 'the unpacked file'
expect_equal "$(stat -c %a inst/usr/games/score)" 2755 'its mode'
[ -e inst/var/mail/box ] || fail 'the file of another owner is missing'
run -u0 "$image" -- dpkg-query --admindir="$scratch/adm" -W -f '${Status}' owned
expect_output 'install ok unpacked'
