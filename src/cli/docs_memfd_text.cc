// SPDX-License-Identifier: Apache-2.0
//
// The prose of caisson-memfd(1), in mdoc(7), around the options.
#include "cli/docs.h"

namespace caisson::cli {

const char* const memfd_manual_before_options =
    R"mdoc(.\" Made by `caisson docs man-memfd`. SPDX-License-Identifier: Apache-2.0
.Dd November 22, 2026
.Dt CAISSON-MEMFD 1
.Os
.Sh NAME
.Nm caisson-memfd
.Nd make, look at and execute sealed memory files
.Sh SYNOPSIS
.Nm caisson memfd create
.Ar name
.Ar size
.Op Ar seals
.Op Ar option ...
.Nm caisson memfd seals
.Op Fl \-json
.Ar path ...
.Nm caisson memfd run
.Op Ar option ...
.Op Fl \-
.Ar command Op Ar argument ...
.Sh DESCRIPTION
A memory file
.Pq Xr memfd_create 2
has no name in any directory and is gone with the last descriptor of it.
Its seals forbid changes, for everybody and for ever, so that who receives it need not trust who made
it.
.Pp
.Nm caisson memfd create
makes one, seals it, prints
.Pp
.Dl PID: 4711; fd: 3; /proc/4711/fd/3
.Pp
and keeps it until a signal ends the command.
.Ar name
shows in
.Pa /proc/PID/fd
and serves nothing else.
.Ar size
is in bytes, or has one of the units k, M, G and T, which are powers of 1024; with
.Fl \-fill
it may be
.Ql - ,
for as large as the content is.
.Pp
.Ar seals
are letters:
.Bl -tag -width Ds -compact
.It g
it cannot grow,
.It s
it cannot shrink,
.It w
its content cannot be changed,
.It W
nor can it be by anyone but those who have mapped it writable already (Linux 5.1),
.It S
no more seals can be added,
.It x
it cannot become executable, nor stop being so (Linux 6.3); the kernel adds g, s, w and W where it
is executable.
.El
.Pp
.Nm caisson memfd seals
prints
.Pp
.Dl Existing seals: SEAL GROW WRITE SHRINK
.Pp
for each
.Ar path ,
after the path where there is more than one.
.Pp
.Nm caisson memfd run
copies
.Ar command
into a memory file, seals it and executes that in place of itself: the program cannot be changed while
it runs, nor through its
.Pa /proc/PID/exe ,
and needs no file system that can be written to or executed from.
.Sh OPTIONS
)mdoc";

const char* const memfd_manual_after_options = R"mdoc(.Sh EXIT STATUS
.Nm caisson memfd run
has that of the command.
.Bl -tag -width Ds -compact
.It 125
The file could not be made or looked at, or the options are wrong.
.It 126
The command is there and cannot be executed.
.It 127
The command was not found.
.El
.Sh EXAMPLES
Hand a configuration to a program that must not change it, nor see it change:
.Pp
.Dl $ path=$(caisson memfd create config - gswS --fill app.conf --print-path & )
.Dl $ caisson memfd seals $path
.Dl Existing seals: SEAL GROW WRITE SHRINK
.Pp
Execute what comes from the network, after looking at it, without a file:
.Pp
.Dl $ gpg --decrypt tool.gpg | caisson memfd run --fill - -- tool --version
.Sh SEE ALSO
.Xr caisson-run 1 ,
.Xr fcntl 2 ,
.Xr memfd_create 2 ,
.Xr fexecve 3
.Sh CAVEATS
Who may open
.Pa /proc/PID/fd/FD
is decided by
.Xr ptrace 2 Ns 's
rules and by the file's mode, which is 0666 or 0777: another process of the same user may.
What is not sealed it may write, and seal.
.Pp
Where
.Va vm.memfd_noexec
is 2 nothing can be executed from memory files:
.Nm caisson memfd run
and
.Fl \-exec
are refused.
Before Linux 6.3, memory files are executable, and
.Fl \-noexec
only takes the mode bits away.
.Pp
The interpreter of a script opens it as
.Pa /dev/fd/N .
So the copy of a script stays open on that descriptor, for reading, in the interpreter and in whatever
it starts, and
.Pa /dev/fd
and
.Pa /proc
are needed.
.Ql $0
is that path.
.Pp
Huge pages have to be set aside by the machine's administrator
.Pq Pa /proc/sys/vm/nr_hugepages .
)mdoc";

}  // namespace caisson::cli
