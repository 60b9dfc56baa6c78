// SPDX-License-Identifier: Apache-2.0
//
// Who the peers are, by what launchers put into the environment.
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/try.h"
#include "caisson/join.h"

namespace caisson {
namespace {

// One launcher: how many it started on this node, which of them this is, what it calls the group.
// The first row whose count is set is the launcher; a null name: it has no such variable.
struct Launcher {
    const char* count;
    const char* rank;
    const char* group;
};
constexpr Launcher launchers[] = {
    // Open MPI: "Environment variables set for MPI applications" in its documentation. PMIx names
    // the job in PMIX_NAMESPACE (PMIx_Init(3)).
    {"OMPI_COMM_WORLD_LOCAL_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK", "PMIX_NAMESPACE"},
    // MVAPICH2 User Guide, "MPIRUN_RSH Parameters".
    {"MV2_COMM_WORLD_LOCAL_SIZE", "MV2_COMM_WORLD_LOCAL_RANK", nullptr},
    // MPICH's Hydra and Intel MPI (its Developer Reference, "Process Manager variables").
    {"MPI_LOCALNRANKS", "MPI_LOCALRANKID", nullptr},
    // Cray PMI (intro_pmi(3)) and HPE's PALS (mpiexec(1)), which names the application.
    {"PMI_LOCAL_SIZE", "PMI_LOCAL_RANK", "PALS_APID"},
    {"PALS_LOCAL_SIZE", "PALS_LOCAL_RANKID", "PALS_APID"},
    // srun(1), "OUTPUT ENVIRONMENT VARIABLES". The group is SLURM_STEP_ID, see below.
    {"SLURM_STEP_TASKS_PER_NODE", "SLURM_LOCALID", nullptr},
    {"SLURM_CPUS_ON_NODE", "SLURM_LOCALID", nullptr},
};

// None for unset and for empty.
const char* value_of(const char* const* environment, const char* name) {
    if (!name) return nullptr;
    const size_t size = strlen(name);
    for (; *environment; environment++) {
        if (strncmp(*environment, name, size) != 0 || (*environment)[size] != '=') continue;
        const char* value = *environment + size + 1;
        return *value ? value : nullptr;
    }
    return nullptr;
}

std::string_view digits_of(std::string_view text) {
    return text.substr(0, text.find_first_not_of("0123456789"));
}

// Slurm's "4(x2),1" is 4, 4, 1 for the nodes 0, 1, 2. Beyond the end, and for whatever else may
// follow the first number, that number counts, as it does for ch-run.
std::string_view count_on_node(std::string_view list, uint64_t node) {
    const std::string_view first = digits_of(list);
    while (!list.empty()) {
        const std::string_view count = digits_of(list);
        list.remove_prefix(count.size());
        uint64_t times = 1;
        if (list.starts_with("(x")) {
            const std::string_view repeated = digits_of(list.substr(2));
            times = text::number(repeated).value_or(1);
            list.remove_prefix(std::min(list.size(), repeated.size() + 3));
        }
        if (node < times) return count;
        node -= times;
        if (!list.starts_with(",")) break;
        list.remove_prefix(1);
    }
    return first;
}

constexpr unsigned most_peers = 1 << 20;  // beyond what a node has processes for

Result<unsigned> count_from(const Launcher& launcher, const char* const* environment) {
    const std::string_view value = value_of(environment, launcher.count);
    const char* node = value_of(environment, "SLURM_NODEID");
    const bool is_list = strcmp(launcher.count, "SLURM_STEP_TASKS_PER_NODE") == 0;
    const uint64_t on_node = is_list && node ? text::number(node).value_or(0) : 0;
    const auto count = text::number(count_on_node(value, on_node), most_peers);
    if (count.value_or(0) != 0) return static_cast<unsigned>(*count);
    return Error{"join",
                 "count",
                 launcher.count + ("=" + std::string(value)),
                 0,
                 "no valid peer group size found",
                 "give one with --join-ct"};
}

// Slurm counts steps from 0 in each job, so the step's number alone would mix two jobs of a user.
void name_group(Peers& peers, const Launcher* launcher, const char* const* environment) {
    if (const char* group = value_of(environment, launcher ? launcher->group : nullptr)) {
        peers.tag = group;
    } else if (const char* step = value_of(environment, "SLURM_STEP_ID")) {
        peers.tag = step;
        if (const char* job = value_of(environment, "SLURM_JOB_ID")) peers.scope = job;
    } else {
        peers.tag = std::to_string(getppid());
    }
}

const Launcher* launcher_of(const char* const* environment) {
    for (const Launcher& one : launchers) {
        if (value_of(environment, one.count)) return &one;
    }
    return nullptr;
}

}  // namespace

Result<Peers> peers_from(const PeersWanted& wanted, const char* const* environment) {
    const Launcher* launcher = launcher_of(environment);
    Peers peers;
    peers.tag = wanted.tag;
    if (peers.tag.empty()) name_group(peers, launcher, environment);
    if (wanted.count) {
        peers.count = *wanted.count;
        if (peers.count == 0) {
            return Error{"join", "count", "0", 0, "no valid peer group size found", {}};
        }
    } else if (launcher) {
        peers.count = TRY(count_from(*launcher, environment));
        peers.is_guess = strcmp(launcher->count, "SLURM_CPUS_ON_NODE") == 0;
    } else if (wanted.tag.empty()) {
        return Error{"join",
                     "count",
                     {},
                     0,
                     "no valid peer group size found",
                     "no launcher's variable says how many there are: give --join-ct, or a "
                     "--join-tag to share with whoever comes"};
    }
    if (const char* rank = value_of(environment, launcher ? launcher->rank : nullptr)) {
        if (const auto number = text::number(rank, most_peers)) {
            peers.rank = static_cast<int>(*number);
        }
    }
    return peers;
}

}  // namespace caisson
