// SPDX-License-Identifier: Apache-2.0
#include "cli/docs.h"

namespace caisson::cli {

const char* const manual_environment = R"mdoc(.Sh ENVIRONMENT
The caller's environment is passed on with these changes, which come before those of the options:
.Bl -tag -width TMPDIR
.It Ev HOME
is
.Pa /root
for user 0 and
.Pa /
for others, or what
.Fl \-home
shows.
.It Ev PWD
is the directory that the command starts in.
.It Ev PATH
gets
.Pa /bin
at its end where it lacks it; where it is unset, a usual one is set.
.It Ev TMPDIR
is unset: the directory of the host that it names is
.Pa /tmp
inside.
.It Ev container
is
.Ql caisson .
.El
.Pp
The options
.Fl \-set-env ,
.Fl \-set-env0 ,
.Fl \-unset-env
and
.Fl \-clear-env
act in the order in which they are given.
A file has one NAME=VALUE a line (with
.Fl \-set-env0
each ends with a NUL), a pair of single quotes around the value is taken off, and empty
lines are skipped; there are no comments.
It is read before anything starts and may be a pipe.
In a value, each item between colons that begins with
.Ql $
is replaced by the variable of that name; where that is unset or empty, the item goes.
.Fl \-env-no-expand
leaves all values as they are.
.Pp
With
.Fl \-image-env
or
.Fl \-image-config
the variables of the image's configuration are set first, below those of all options.
.Sh IMAGE CONFIGURATION
.Fl \-image-config
runs an image as its OCI configuration says.
An unpacked image carries one at
.Pa /ch/config.pulled.json
in it, as
.Xr ch-image 1
leaves it; for the directory
.Pa rootfs
of an OCI bundle it is the
.Pa config.json
beside it.
The command line comes first: COMMAND follows the entrypoint in the place of the image's own arguments, and
.Fl \-cd , \-uid
and
.Fl \-gid
take the place of its directory and user.
A user's name is looked up in the image's own
.Pa /etc/passwd
and
.Pa /etc/group ;
.Ev HOME
is that user's.
An image that names no user runs as the caller does without it, not as root.
.Sh FILES
.Bl -tag -width Ds
.It Pa /ch/environment
in the image: what
.Fl \-set-env
and
.Fl \-set-env0
without an argument read.
.It Pa /ch/config.pulled.json
in the image: its OCI configuration.
.It Pa /etc/caisson/config.toml , $HOME/.config/caisson/config.toml
Binds, variables and hooks for every run: see
.Xr caisson-config 5 .
.Fl \-no-config
goes without.
.It Pa /etc/subuid , /etc/subgid
The ranges for
.Fl \-id-map Ar subids .
.El
)mdoc";

}  // namespace caisson::cli
