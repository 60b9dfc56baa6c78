#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# --image-config runs an image as its own OCI configuration says, below what the command line says;
# --image-env takes the variables alone. Names of users are the image's.
. "${0%/*}/harness.bash"

use own
mkdir -p "$image/ch" "$image/srv/app"
printf '%s\n' root:x:0:0::/root:/bin/sh app:x:77:78::/srv/home:/bin/sh >"$image/etc/passwd"
echo staff:x:50: >"$image/etc/group"
config() { printf '{"config": %s}' "$1" >"$image/ch/config.pulled.json"; }
show='echo $1,$2,$PWD,$A,$B,$HOME,$(id -u),$(id -g)'
config '{"Env": ["A=image", "B=image"], "Entrypoint": ["/bin/sh", "-c", "'"$show"'", "sh"],
         "Cmd": ["one", "two"], "WorkingDir": "/srv/app", "User": "app"}'
run --image-config "$image"
expect_output one,two,/srv/app,image,image,/srv/home,77,78
A=caller run --image-config --set-env=B=line -u 5 -g 6 -c / "$image" -- three
expect_output three,,/,image,line,/,5,6
A=caller run --image-env "$image" -- sh -c 'echo $A,$PWD'
expect_output image,/
config '{"User": "app:staff", "Cmd": null}'
run --image-config "$image" -- sh -c 'id -u; id -g'
expect_output $'77\n50'
config '{"User": "4:nobody-has-it"}'
run --image-config "$image" -- true
expect_error 'image: user "nobody-has-it": is not in the image.s /etc/group'
config '{"Env": "A=b"}'
run --image-env "$image" -- true
expect_error 'image: Env "/ch/config.pulled.json": is no array'
rm "$image/ch/config.pulled.json"
run --image-config "$image" -- true
expect_error 'carries no configuration'

mkdir "$scratch/bundle" && mv "$image" "$scratch/bundle/rootfs"
echo '{"process": {"args": ["sh", "-c", "echo $A,$PWD"], "env": ["A=bundle"], "cwd": "/srv"}}' \
    >"$scratch/bundle/config.json"
run --image-config "$scratch/bundle/rootfs"
expect_output bundle,/srv
