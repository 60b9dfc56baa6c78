// SPDX-License-Identifier: Apache-2.0
//
// The part of caisson-run(1), in mdoc(7), about what is mounted.
#include "cli/docs.h"

namespace caisson::cli {

const char* const manual_file_system = R"mdoc(.Sh WHAT THE COMMAND SEES
These stand in the guest besides what the image has.
Each can be hidden by a mount of one's own at the same place, since those come later.
.Bl -tag -width Ds
.It Pa /dev
The host's, writable as its modes allow; with
.Fl \-dev=minimal
a tmpfs with null, zero, full, random, urandom, tty, a new pts with ptmx, an empty shm, and the links
fd, stdin, stdout and stderr.
With
.Fl \-private Ar ipc
shm is an empty tmpfs in both cases.
.It Pa /proc
The host's; with
.Fl \-private Ar pid
a new one, which shows the sandbox's processes only.
.It Pa /sys
The host's.
For root without a user namespace it is read-only, and so are the parts of
.Pa /proc
with which root could change the host.
.It Pa /tmp
The directory of the host that
.Ev TMPDIR
names, by default
.Pa /tmp ;
with
.Fl t
an empty tmpfs.
.It Pa /etc/passwd , /etc/group
Generated: root, nobody, and the caller by the name that the host knows.
They live on a private tmpfs, read-only, and only where the image has such files.
.It Pa /etc/hosts , /etc/resolv.conf , /etc/machine-id
The host's, read-only, where both the host and the image have them.
.It Pa /var/lib/hugetlbfs , /var/spool/slurmd
The same for directories that clusters have: huge pages, which can be written, and the spool of Slurm's
daemon, read-only.
On a host with
.Pa /opt/cray
also wlm_detect, alps, udreg, ugni and xpmem in it,
.Pa /etc/opt/cray/wlm_detect
and
.Pa /var/opt/cray/alps ,
read-only.
.It Pa /home/USER
With
.Fl \-home
the directory that
.Ev HOME
names; the name is that of
.Ev USER ,
or else the user database's.
.El
.Pp
Every destination is looked up inside the image as the command would look it up: neither
.Ql ..
nor a symbolic link leads out of it.
Where a mount point is missing, it is made in
.Ar image
itself with
.Fl w ,
in the changes with
.Fl \-overlay ,
and otherwise on a tmpfs over the image that ends with the sandbox, so that nothing is left on the host.
It is a file where a file is bound.
None is made below a directory of the host, and none where a link leads nowhere.
.Pp
A read-only mount is read-only with all mounts below it, and is made so before it can be reached.
.Ss Changes that are kept
The directory of
.Fl \-overlay
has to exist.
It gets
.Pa upper ,
which has what was written, made and removed, and
.Pa work ,
which is the kernel's
.Pq overlay in Xr mount 8 .
It has to be on a local file system with extended attributes of users: ext4, XFS, btrfs, tmpfs since
Linux 6.6; overlayfs, NFS and FUSE are refused.
A second run that names it while the first is there is refused by the kernel.
Changes belong to one image, and to the user who made them: what root has removed is there again for
an ordinary user.
.Ss Many files of one directory
A bind has a mount of its own, and nothing but
.Ar SRC
is seen.
Hundreds of files of one directory, such as a driver's libraries, start faster with the option
.Ql ro,merge :
their directory is mounted once, at
.Pa /.caisson/N ,
and each destination is a symbolic link into it, in place of what the image has there.
All that the directory has can then be read by way of
.Pa /.caisson/N ,
as far as its modes allow the user, whether it was asked for or not; nothing can be written.
The option takes no effect, and each bind has a mount of its own, with
.Fl w
and
.Fl \-overlay ,
where the links would stay; where other file systems are mounted below the image; for a destination
on another mount; and for a source directly below
.Pa /
or one that is a link to another directory.
)mdoc";

}  // namespace caisson::cli
