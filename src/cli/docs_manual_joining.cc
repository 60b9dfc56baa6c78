// SPDX-License-Identifier: Apache-2.0
#include "cli/docs.h"

namespace caisson::cli {

const char* const manual_of_joining = R"mdoc(.Sh SHARING A SANDBOX
With
.Fl \-join
the processes that
.Xr mpirun 1
or
.Xr srun 1
starts on a node run in one sandbox.
The first of them makes it, and the others enter it; then each runs its own command.
They may read each other's memory
.Pq Xr process_vm_readv 2
and trace each other, where the host's Yama setting lets them.
.Pp
How many they are say, the first that is set:
.Fl \-join-ct ,
.Ev OMPI_COMM_WORLD_LOCAL_SIZE ,
.Ev MV2_COMM_WORLD_LOCAL_SIZE ,
.Ev MPI_LOCALNRANKS ,
.Ev PMI_LOCAL_SIZE ,
.Ev PALS_LOCAL_SIZE ,
.Ev SLURM_STEP_TASKS_PER_NODE
.Pq for the node Ev SLURM_NODEID ,
.Ev SLURM_CPUS_ON_NODE .
Which group they are says
.Fl \-join-tag ,
or with Open MPI
.Ev PMIX_NAMESPACE ,
with PALS
.Ev PALS_APID ,
or else
.Ev SLURM_STEP_ID
together with
.Ev SLURM_JOB_ID ,
or else the parent's process id.
.Pp
Nobody waits for the last peer.
A peer that comes before the sandbox is made waits for that, no longer than
.Fl \-join-timeout .
If the first one fails or is killed before that, one of those that wait takes its place.
Afterwards the sandbox can be joined as long as the first one's command runs, and in any case until all
peers have come or the timeout is over; then a message says how many and which have not come, if the first
one's command still runs.
More than were said may come.
With
.Fl \-join-tag
and no number there is nothing to wait for:
whoever gives the tag while the first one's command runs shares its sandbox.
.Pp
Besides the first one's command there is one small process
.Pq Ql caisson-join
that lets the others in; it ends by itself.
Nothing is left in
.Pa /dev/shm
or elsewhere, however a peer ends.
.Pp
Options about the image, its mounts, users and namespaces are the first one's to give; those of the others
have no effect.
.Fl \-cd ,
the environment, limits and descriptors are each one's own.
A peer keeps only the capabilities that the first one keeps as well, and runs under the first one's
restrictions besides its own.
.Fl \-join-env
takes over what the first one's options and image have set or unset, but not what its launcher has, such as
its rank.
.Fl \-private Ar pid
and
.Ar time
can't go with joining, since no process can move into such a namespace.
.Pp
Peers must be the same user and start in the same user, pid and network namespace.
The name that they meet at
.Pq an abstract socket, see Xr unix 7
can be taken by another user beforehand; then the start fails and names that user.
.Pp
.Fl \-join-pid
enters the sandbox of one process, without any of this.
)mdoc";

}  // namespace caisson::cli
