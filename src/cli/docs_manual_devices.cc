// SPDX-License-Identifier: Apache-2.0
#include "cli/docs.h"

namespace caisson::cli {

const char* const manual_devices = R"mdoc(.Sh DEVICES
What a device needs besides its node in
.Pa /dev
stands in a description of its vendor's, as the Container Device Interface (CDI) has it: JSON, versions
0.3 to 1.x.
.Fl \-device
names
.Bl -tag -width Ds
.It Ar VENDOR/CLASS Ns = Ns Ar NAME
one device, for example
.Ql nvidia.com/gpu=0 ;
.It Ar VENDOR/CLASS Ns =all , Ar VENDOR/CLASS
all of a kind (the first of them the device of that name, where there is one);
.It Ar FILE
with a
.Ql /
or
.Ql \&.
in front, all that the file describes.
.El
.Pp
Files *.json of the directories of
.Fl \-cdi-dirs
are read.
YAML is not:
.Ql nvidia-ctk cdi generate --format=json
writes JSON.
A device that two directories describe is the later one's; two files of one directory may not describe
the same.
A file that is wrong ends the start, and so does a member of it that the specification does not have.
.Pp
.Bl -bullet -compact
.It
Variables are set where the option stands among
.Fl \-set-env
and
.Fl \-unset-env ,
as they are: nothing in them is replaced.
.It
Mounts come before those of
.Fl b ,
with their options; propagation is always that of a slave.
.It
Device nodes are the host's: they are there with the host's
.Pa /dev ,
and bound into that of
.Fl \-dev=minimal .
.It
Hooks are never run.
What those of
.Ql nvidia-ctk hook ,
.Ql nvidia-ctk-hook
and
.Ql nvidia-cdi-hook
do is done instead: create-symlinks makes links; update-ldcache and create-soname-symlinks run the
image's own
.Xr ldconfig 8
inside, without which the start fails; chmod and disable-device-node-modification have nothing to do
here.
enable-cuda-compat, and any other hook, is warned of and not carried out.
.It
Additional groups are not taken on; the caller's own come along.
.El
.Pp
All of it is written to what
.Fl W
gives, never to the image.
The image's directories have to be the caller's own where links and
.Pa /etc/ld.so.cache
are made in them.
)mdoc";

}  // namespace caisson::cli
