// SPDX-License-Identifier: Apache-2.0
//
// The prose of caisson-run(1), in mdoc(7), around the options.
#include "cli/docs.h"

namespace caisson::cli {

const char* const manual_before_options =
    R"mdoc(.\" Made by `caisson docs man`. SPDX-License-Identifier: Apache-2.0
.Dd November 22, 2026
.Dt CAISSON-RUN 1
.Os
.Sh NAME
.Nm caisson-run
.Nd run a command in a sandbox made of a root file system
.Sh SYNOPSIS
.Nm caisson run
.Op Ar option ...
.Ar image
.Op Fl \-
.Op Ar command Op Ar argument ...
.Nm caisson plan run
.Op Ar option ...
.Ar image
.Op Fl \-
.Op Ar command Op Ar argument ...
.Sh DESCRIPTION
.Nm caisson run
runs
.Ar command
with the directory
.Ar image
as its root.
The directory
.Pa /
is an image as well: the host's own root, seen through a sandbox.
Without a command,
.Pa /bin/sh
of the image is run.
.Pp
No privilege is needed.
A user other than root gets a user namespace, in which its own ids are mapped and nobody else's, and
a mount namespace; root gets a mount namespace, and a user namespace only where
.Fl \-id-map
asks for one.
Every other namespace is the host's unless
.Fl \-private
names it.
.Pp
The image, and every mount below it, is read-only unless one of
.Fl w ,
.Fl W
and
.Fl \-overlay
is given.
.Pp
Options end at
.Ar image :
what follows belongs to the command.
The
.Fl \-
after the image may be left out.
.Pp
A sandbox is made as a whole or not at all: where a step fails,
.Ar command
is not run, and one line on standard error says in which phase, in which operation, on what and why.
.Nm caisson plan run
and
.Fl \-explain
print the steps in their order and carry none of them out.
.Sh OPTIONS
Of options that set one thing the last one counts, but
.Fl W
wins over
.Fl w
in either order, and
.Fl \-overlay
over both.
Long options can be shortened as far as they stay unique.
)mdoc";

const char* const manual_after_file_system = R"mdoc(.Sh USERS AND PRIVILEGES
With a single id mapped, the files of all other users belong to
.Ql nobody
inside, and
.Xr chown 2
to other ids fails.
.Fl \-id-map Ar subids
maps the caller to 0 and its ranges in
.Pa /etc/subuid
and
.Pa /etc/subgid
from 1 on, by way of
.Xr newuidmap 1
and
.Xr newgidmap 1 .
.Pp
User 0 inside keeps the capabilities that docker and podman leave to it: chown, dac_override, fowner,
fsetid, kill, setgid, setuid, setpcap, net_bind_service, net_raw, sys_chroot, mknod, audit_write and
setfcap; any other user keeps none.
.Fl \-cap-add
and
.Fl \-cap-drop
change that.
In a user namespace capabilities hold for the sandbox's own namespaces only.
.Pp
.Dv no_new_privs
is set, so that set-user-ID programs run with the caller's rights, unless
.Fl \-allow-new-privs
is given.
.Sh PROCESSES AND SIGNALS
Without
.Fl \-private Ar pid ,
.Fl \-private Ar time ,
.Fl \-timeout
and
.Fl \-status-fd ,
.Ar command
replaces
.Nm caisson run :
it has the same process id, and there is no process between it and the caller.
The same holds with
.Fl \-new-session
unless the caller leads a process group.
.Pp
Otherwise
.Nm caisson run
waits for the command and passes signals on to it, except for those that the terminal sends to both
anyway, and job control's.
With a private pid namespace a small init is process 1: it reaps, passes signals on, and has neither
descriptors nor capabilities other than that to signal.
When the command ends, the kernel ends whatever it left behind.
With
.Fl \-no-init
the command itself is process 1, for which signals without a handler have no effect.
.Pp
Only descriptors 0, 1, 2 and those of
.Fl \-keep-fd
reach the command, unless
.Fl \-close-fds=no
is given.
)mdoc";

const char* const manual_after_environment = R"mdoc(.Sh EXIT STATUS
That of the command; if signal N ended it, 128+N.
(A command that replaced
.Nm caisson run
is ended by the signal itself.)
.Bl -tag -width Ds -compact
.It 124
The command was ended by
.Fl \-timeout .
.It 125
The sandbox could not be made, or the options are wrong.
.It 126
The command is there and cannot be executed.
.It 127
The command was not found.
.El
.Pp
.Fl \-status-fd
tells these from a command's own.
.Sh STATUS REPORTS
.Fl \-status-fd
gets one JSON object a line.
The member
.Ql event
says which of these it is:
.Bl -tag -width exited
.It Ql started
The command runs.
.Ql pid
is that of the sandbox's first process on the host,
.Ql namespaces
an object of the inode numbers that
.Pa /proc/PID/ns
has.
.It Ql exited
The command ended:
.Ql code
is its exit status or
.Ql signal
the number of the signal that ended it.
.Ql timed-out
is true where that was
.Fl \-timeout .
.It Ql failed
The sandbox was not made.
.Ql phase ,
.Ql operation ,
.Ql subject ,
.Ql reason
and
.Ql hint
are the parts of the message, and
.Ql errno
is the number behind the reason, 0 where no system call failed.
.El
.Sh TRACE
The file that
.Fl \-trace
writes has one complete event
.Pq Ql \&"ph":"X"
for making the namespaces and for each phase of the plan, in microseconds of
.Dv CLOCK_MONOTONIC ,
and opens in Perfetto and in Chrome's tracing page.
It is written before the command begins, by a process outside the sandbox.
.Sh EXAMPLES
A shell in an image:
.Pp
.Dl $ caisson run ~/images/debian
.Pp
Build in a directory of the host, with nothing else of it to be changed:
.Pp
.Dl $ caisson run -b ~/project:/src -c /src ~/images/debian make
.Pp
Everything private, a small /dev, five minutes at most:
.Pp
.Dl $ caisson run --private all --dev=minimal -t --timeout 5m ~/images/debian ./judge
.Pp
Work as root of one's own ids on a copy that is gone afterwards, with the image's own users:
.Pp
.Dl $ caisson run -W --id-map subids --no-passwd ~/images/debian apt-get update
.Pp
The host's own root, read-only but for one directory and /tmp:
.Pp
.Dl $ caisson run -b ~/out / -- make install DESTDIR=$HOME/out
.Pp
Install something, and go on with it another day, the image staying as it is:
.Pp
.Dl $ mkdir ~/changes; caisson run -u 0 --overlay ~/changes ~/images/debian
.Pp
What would be done:
.Pp
.Dl $ caisson run --explain --private all ~/images/debian true
.Sh DIFFERENCES
.Ss From docker run and podman run
No images are pulled and nothing runs in the background.
The network, the processes,
.Pa /dev
and
.Pa /tmp
are the host's unless asked otherwise.
No seccomp filter but one that is asked for and no control group is set up.
The image's own settings (entry point, user, volumes) are not looked at.
.Fl \-mount
takes the same syntax, and exit statuses are the same.
.Ss From Charliecloud's ch-run
Options end at the image.
.Fl b
takes options after a second colon, so that a destination cannot hold a colon;
.Fl \-mount
takes such paths.
The read-only files of
.Pa /etc
really are.
Missing mount points are made in read-only images too, and file mount points as files; entries of the
image never turn into links for it.
Absolute links in the image lead to places in the image.
No directory of the host is covered by
.Fl W ,
whose image may have any path, and
.Fl \-overlay
keeps the changes.
An unusable
.Ev TMPDIR
is named.
There is no
.Fl \-join
and no SquashFS image yet.
ch-run's
.Fl \-seccomp
is
.Fl \-fake-root
here;
.Fl \-seccomp
takes a file.
.Ev CH_RUNNING
is not set.
Set-up failures exit with 125 to 127 in place of 31 and 49.
.Ss From bubblewrap
There is an image, and a file system that programs expect is there without being asked for.
Binds are writable unless
.Ql ro
is said.
Namespaces are named in one option.
Read-only is recursive.
A set-up failure and the command's own exit status can be told apart.
.Sh SEE ALSO
.Xr newuidmap 1 ,
.Xr unshare 1 ,
.Xr mount_setattr 2 ,
.Xr caisson-config 5 ,
.Xr subuid 5 ,
.Xr capabilities 7 ,
.Xr mount_namespaces 7 ,
.Xr user_namespaces 7
.Pp
.Nm caisson doctor
says what the host allows, and what to do about the rest.
.Sh CAVEATS
By default the command shares with the host what
.Sx WHAT THE COMMAND SEES
lists, its network (abstract unix sockets included), its processes, whom it may send signals to as the
same user, and the terminal.
For code that is not trusted, add
.Fl \-private Ar all
.Fl \-dev=minimal
.Fl t
.Fl \-new-session .
.Pp
Root without a user namespace is not held by the sandbox as an ordinary user is.
.Pp
Set-user-ID programs, and with them
.Xr sudo 8
and
.Xr su 1 ,
gain nothing inside.
.Pp
With
.Fl w
a mount point can be made only where the image's directory is owned by a user who is mapped.
.Pp
What is written with
.Fl W
is held in memory.
A directory of the image that was removed there can be made anew only since Linux 6.6.
.Pp
An overlay shows one file system.
An ordinary user is refused
.Fl W
for an image that has others mounted below it, as
.Pa /
has; to root they are shown read-only.
)mdoc";

}  // namespace caisson::cli
