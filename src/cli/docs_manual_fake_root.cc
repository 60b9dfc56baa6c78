// SPDX-License-Identifier: Apache-2.0
#include "cli/docs.h"

namespace caisson::cli {

const char* const manual_fake_root = R"mdoc(.Sh FAKE ROOT
Package managers give files to their owners and make devices, which a user who has one id cannot do.
With
.Fl \-fake-root
a seccomp filter lets these calls return 0 and do nothing:
.Xr chown 2
with fchown, lchown and fchownat;
.Xr setuid 2 ,
setgid, setreuid, setregid, setresuid, setresgid, setfsuid, setfsgid and setgroups;
.Xr capset 2 ;
.Xr kexec_load 2 ;
and
.Xr mknod 2
and mknodat of character and block devices.
FIFOs, sockets and files are made.
It knows the calls of x86-64, x32, i386, arm64, arm, ppc64le, s390x and riscv64.
Before the command begins, one call that can't succeed is made, and has to.
.Pp
Most often it goes with
.Fl u Ar 0
.Fl g Ar 0
and one of
.Fl w
and
.Fl W .
.Bl -bullet
.It
It protects nothing, and a program must not count on it: one that gives up an id still has it.
Set-user-ID programs would, so
.Fl \-allow-new-privs
is refused with it.
.It
Nothing is remembered: files keep their owner, and
.Xr stat 2
says so.
A program that looks afterwards finds out;
.Xr apt-get 8
does, and wants
.Fl o Ar APT::Sandbox::User=root .
.It
Extended attributes and set-id bits are the kernel's, as ever.
.It
A program for another machine, run by an emulator, makes this machine's calls and is faked like
any other; a process of a machine that is not in the list keeps its calls as they are.
.El
.Pp
.Fl \-seccomp
installs a filter of one's own on top of it, which may refuse more.
Where both have an answer, the stronger one counts, and among errors that filter's.
)mdoc";

}  // namespace caisson::cli
