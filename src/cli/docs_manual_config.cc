// SPDX-License-Identifier: Apache-2.0
#include "cli/docs.h"

namespace caisson::cli {
namespace {

constexpr const char* page =
    R"mdoc(.\" Made by `caisson docs man-config`. SPDX-License-Identifier: Apache-2.0
.Dd November 22, 2026
.Dt CAISSON-CONFIG 5
.Os
.Sh NAME
.Nm caisson-config
.Nd what a site and a user set once for every run
.Sh SYNOPSIS
.Pa /etc/caisson/config.toml
.br
.Pa $XDG_CONFIG_HOME/caisson/config.toml
.Pp
.Nm caisson config show
.Op Fl \-json
.br
.Nm caisson config check
.Op Ar FILE ...
.Sh DESCRIPTION
Files in TOML 1.0 that
.Xr caisson-run 1
reads before it looks at its command line: the site's, then the user's, which is
.Pa $HOME/.config/caisson/config.toml
where
.Ev XDG_CONFIG_HOME
is unset.
Either may be missing.
What they set comes below what the command line says, and there is nothing in them that an option of
.Xr caisson-run 1
or a user's own rights could not do.
A key that does not exist is an error, and so is a value that its option would not take.
.Pp
The user's file must belong to the caller or to root and not be writable by others.
.Pp
.Nm caisson config show
prints each value with the file and line that it comes from, as a list of JSON objects with
.Fl \-json .
.Nm caisson config check
reads files, by default the same ones, and says what is wrong with them; its exit status is 125 then.
.Sh KEYS
.Bl -tag -width Ds
.It Ic storage No = Qq DIR
Where names of images are looked up, below
.Fl \-storage
and
.Ev CH_IMAGE_STORAGE .
.It Ic bind No = Bq Qo SRC[:DST[:OPTS]] Qc , No ...
Binds as
.Fl \-bind
takes them, before those of the command line.
SRC is absolute; the option
.Ql try
leaves out one that a machine lacks.
.It Ic set-env No = Bq Qo NAME=VALUE Qc , No ...
Variables, or absolute paths of files of them, as
.Fl \-set-env
takes them.
.It Ic unset-env No = Bq Qo GLOB Qc , No ...
Names that go, as
.Fl \-unset-env
takes them.
Both act in the order in which they are written, before the options.
.It Ic [[hooks.host]] , [[hooks.guest]] , [[hooks.peer]]
Programs to run while the sandbox is put together.
Each table has
.Bl -tag -width Ds
.It Ic run No = Bq Qo PROGRAM Qc , Qo ARGUMENT Qc , No ...
The program's absolute path, outside for
.Ic host ,
inside for the others, and its arguments.
.It Ic set-env No = Bq Qo NAME=VALUE Qc , No ...
Variables beside those of the caller.
.It Ic timeout No = Ar SECONDS
After which it is killed, with its process group; 30 by default.
.El
.El
.Sh HOOKS
Those of
.Ic host
run outside the sandbox as the caller, when all is mounted and before the new root is
.Pa / .
Those of
.Ic guest
run inside, once it is, with the ids, capabilities and filter of the command; those of
.Ic peer
follow them, and are also for processes that join a sandbox.
Each waits for the one before it.
One that cannot be run, that exits with anything but 0 or that takes too long ends the start.
.Pp
A hook finds the state of the sandbox on its standard input as a JSON object, with the members
.Ql ociVersion ,
.Ql id ,
.Ql status ,
.Ql pid
and
.Ql root ;
the last two are in its environment as
.Ev CAISSON_PID
and
.Ev CAISSON_ROOT
too.
Its standard output is the standard error of
.Nm caisson .
.Sh FILES
.Bl -tag -width Ds
.It Pa /etc/caisson/config.toml
The site's.
.It Pa $HOME/.config/caisson/config.toml
The user's.
.El
.Sh ENVIRONMENT
.Bl -tag -width CAISSON_CONFIG
.It Ev CAISSON_CONFIG
One file to be read instead of both; none where it is empty.
.El
.Sh EXAMPLES
A cluster's:
.Bd -literal -offset indent
bind = ["/scratch", "/opt/cray:/opt/cray:ro,try"]
unset-env = ["SLURM_JWT"]
set-env = ["SITE=north"]

[[hooks.host]]
run = ["/usr/local/libexec/caisson/register", "--quota"]
timeout = 5

[[hooks.guest]]
run = ["/sbin/ldconfig"]
.Ed
.Sh SEE ALSO
.Xr caisson-run 1
.Sh CAVEATS
To a hook of the host's side
.Ev CAISSON_ROOT
is a directory like any other: a symbolic link that the image has there may lead to the host.
)mdoc";

}  // namespace

std::string config_manual_page() {
    return page;
}

}  // namespace caisson::cli
