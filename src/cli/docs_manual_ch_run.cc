// SPDX-License-Identifier: Apache-2.0
//
// The prose of caisson-ch-run(1), in mdoc(7), around the options.
#include "cli/docs.h"

namespace caisson::cli {

const char* const ch_run_manual_before_options =
    R"mdoc(.\" Made by `caisson docs man-ch-run`. SPDX-License-Identifier: Apache-2.0
.Dd November 22, 2026
.Dt CAISSON-CH-RUN 1
.Os
.Sh NAME
.Nm caisson-ch-run
.Nd Charliecloud's ch-run, as caisson does it
.Sh SYNOPSIS
.Nm ch-run
.Op Ar option ...
.Ar image
.Op Fl \-
.Ar command Op Ar argument ...
.Nm caisson ch-run
.Op Ar option ...
.Ar image
.Op Fl \-
.Ar command Op Ar argument ...
.Nm caisson plan ch-run
.Op Ar option ...
.Ar image
.Op Fl \-
.Ar command Op Ar argument ...
.Sh DESCRIPTION
Called by the name
.Nm ch-run ,
which a link gives it,
.Xr caisson-run 1
takes the command line of Charliecloud's program of that name, prints its messages and ends with its
exit statuses, so that what was written for that goes on working.
The third form prints the plan, step by step, and starts nothing.
.Pp
.Ar image
is the name of an image in the storage directory, where a slash is written as
.Ql %
and a colon as
.Ql + ,
or a directory with a root file system.
A name wins over a directory that is called the same.
What begins with
.Ql /
or
.Ql \&.
is no name.
.Pp
Options are read up to
.Fl \- ,
behind
.Ar image
too, unless
.Ev POSIXLY_CORRECT
is set.
A long option may be shortened as long as no other begins so.
The value of an option that need not have one is glued to it:
.Fl W Ns Ar 4m ,
.Fl \-set-env Ns = Ns Ar FILE .
.Pp
The command replaces
.Nm
in its process.
It runs in a user namespace, in which the caller is
.Ar UID
and
.Ar GID ,
by default the caller's own, and in a mount namespace.
User 0 gets a second pair of these inside the first, where it can do as it likes with mounts of its own
and can undo none of those that are there.
.Sh OPTIONS
)mdoc";

const char* const ch_run_manual_after_options =
    R"mdoc(.Sh ENVIRONMENT
.Bl -tag -width Ds
.It Ev CH_IMAGE_STORAGE
The storage directory where
.Fl s
does not name one.
Otherwise it is
.Pa /var/tmp/USER.ch .
.It Ev USER
The caller's name.
Where it is not set, the user database says it.
.It Ev HOME , PATH , PWD
Set for the command as
.Sx caisson-run 1
says, but for
.Ev HOME ,
which is
.Pa /root
where the image has that, and otherwise
.Pa / .
.It Ev TMPDIR
Its directory is the command's
.Pa /tmp .
It is taken away from the command.
.It Ev CH_RUNNING
Set for the command, to
.Ql Weird Al Yankovic .
.It Ev ARGP_HELP_FMT
How
.Fl \-help
is laid out; see the GNU C library's manual.
.El
.Sh EXIT STATUS
.Bl -tag -width Ds
.It Ar the command's
where it was run.
A signal that ends the command ends this process.
.It 31
The sandbox could not be made.
.It 49
The command could not be executed.
.It 64
The command line has a mistake.
.It 1
There were no arguments, or the host lacks a
.Fl \-feature
of overlayfs and tmpfs-xattrs.
.El
.Sh DIAGNOSTICS
Messages begin with
.Ql ch-run[ Ns Ar PID Ns ]:\& .
Errors say
.Ql error:\& ,
and warnings
.Ql warning:\& .
.Fl v
adds what is run and where,
.Fl vv
the plan, step by step.
Warnings are printed again when
.Nm
ends by itself.
.Sh EXAMPLES
.Dl ch-run /var/tmp/images/debian -- cat /etc/os-release
.Dl ch-run -b /scratch:/mnt/0 -c /mnt/0 debian:12 -- ls -l
.Dl ch-run -W --set-env=OMP_NUM_THREADS=4 debian:12 -- sh -c 'echo x > /etc/x'
.Dl srun ch-run --join debian:12 -- ./solver
.Sh DIFFERENCES
What scripts rely on is Charliecloud's.
These are different, each because the original's way is a defect or a limit.
.Ss The command line
.Bl -bullet
.It
.Ev USER
need not be set, for
.Fl \-version
and
.Fl \-help
least of all.
.It
.Fl \-feature
tries the feature on this host, now, as this user.
Charliecloud answers what it was compiled with.
.It
.Fl q
hides messages below warnings.
The command's output is hidden from
.Fl qq
on, as it was always documented, and its errors from
.Fl qqq
on.
That the command can't be executed is said even then.
.It
Ids up to 4294967294 can be given to
.Fl u
and
.Fl g .
.It
The usage that follows on a command line without a command is printed on standard error.
.It
Messages have no file and line of the source behind them, but a hint where there is something to be done.
.It
Nothing is sent to
.Xr syslog 3 .
.It
.Fl \-no-home ,
which was deprecated and is gone in later versions, is taken and warned of.
.Fl \-ch-ssh
is not known.
.El
.Ss The sandbox
.Bl -bullet
.It
A read-only image is read-only with all mounts below it, and so are the host's
.Pa /etc/hosts ,
.Pa /etc/resolv.conf ,
.Pa /etc/machine-id .
.It
A mount point that a read-only image lacks is made in memory; it is no error.
.It
Destinations are looked up inside the image.
An absolute link in it leads to a place in the image, not on the host.
.It
.Pa /etc/passwd
and
.Pa /etc/group
are generated in memory.
No file is left in
.Ev TMPDIR
by a start that fails.
User 0's home directory in them is
.Pa /root .
.It
With
.Fl W ,
no directory of the host is mounted over, and an image below
.Pa /srv
works like any other.
.It
Privileges are refused where the program has been installed set-user-ID or with file capabilities, not
where root's group is another than 0.
.El
.Ss Not served yet
SquashFS images, which are recognised, and CDI devices
.Pq Fl d , Fl \-device , Fl \-cdi-dirs .
They are refused with exit status 31.
.Sh SEE ALSO
.Xr caisson-run 1
)mdoc";

}  // namespace caisson::cli
