// SPDX-License-Identifier: Apache-2.0
//
// The prose of caisson-enter(1), in mdoc(7), around the options.
#include "cli/docs.h"

namespace caisson::cli {

const char* const enter_manual_before_options =
    R"mdoc(.\" Made by `caisson docs man-enter`. SPDX-License-Identifier: Apache-2.0
.Dd November 22, 2026
.Dt CAISSON-ENTER 1
.Os
.Sh NAME
.Nm caisson-enter
.Nd lock a server into the directory that it serves
.Sh SYNOPSIS
.Nm caisson enter
.Fl \-dir Ar dir
.Op Ar option ...
.Op Fl \-
.Ar command Op Ar argument ...
.Sh DESCRIPTION
Runs
.Ar command
with
.Ar dir
as its root directory: nothing else of the file system is there, no
.Pa /proc
and no
.Pa /dev .
It has mount, pid and ipc namespaces of its own, as an ordinary user also a user namespace; no
capability but those named, no_new_privs, and no descriptor but 0, 1, 2 and those named.
The network is the caller's, because a server binds its own port; with
.Fl \-private Cm net
it has to be given bound sockets by
.Fl \-keep\-fd .
.Pp
.Nm
itself stays outside.
It drops its capabilities, passes on the signals that it gets, and ends as the command does: with its
exit status, or by the same signal.
When it is killed, so is the command and all that it has started.
.Pp
A program that can call a library does better to call
.Fn enter
of libcaisson after it has read its configuration.
.Ss Which command
Without
.Fl \-inside
the command is the host's, found along
.Ev PATH ,
opened before
.Ar dir
becomes the root, and executed by its descriptor.
It then has to be static, since the kernel looks up the loader of a dynamic one, and the interpreter of
a script, in
.Ar dir .
A dynamic one is taken where its loader is in there; what else it loads has to be in there too.
With
.Fl \-inside
it is looked up in
.Ar dir .
.Ss System calls
With
.Fl \-seccomp
a command may make the system calls that a server of files makes, and execve, socket, bind, setsid and
wait4.
.Cm log
notes all others in the kernel's log and lets them through, to find out what is missing.
.Sh OPTIONS
)mdoc";

const char* const enter_manual_after_options = R"mdoc(.Sh EXIT STATUS
The command's, or death by the signal that ended it; 125 where the sandbox could not be made, 126
where the command can't be executed, 127 where it was not found.
.Sh EXAMPLES
Serve a directory, read-only, with a static busybox:
.Pp
.Dl caisson enter \-\-dir /srv/www \-\-read\-only busybox httpd \-f \-p 8080
.Sh SEE ALSO
.Xr caisson-run 1 ,
.Xr capabilities 7 ,
.Xr namespaces 7
.Sh CAVEATS
A server that wants
.Pa /dev/null ,
.Pa /etc/passwd
or a place for its log finds them in
.Ar dir
or not at all.
.Pp
With
.Fl \-mode Cm chroot
the host's processes, network and ipc are there, and capabilities such as mknod lead out of
.Ar dir .
.Pp
Needs Linux 5.12.
)mdoc";

}  // namespace caisson::cli
