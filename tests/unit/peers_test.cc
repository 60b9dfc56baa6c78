// SPDX-License-Identifier: Apache-2.0
//
// Who the peers are, from what launchers put into the environment.
#include <gtest/gtest.h>
#include <unistd.h>

#include "caisson/join.h"

namespace caisson {
namespace {

struct Row {
    const char* name;
    PeersWanted wanted;
    std::vector<const char*> environment;
    Peers peers;
};

const std::string parent = std::to_string(getppid());

const std::vector<Row> rows = {
    {"given", {4, "t"}, {}, {"t", "", 4}},
    {"a tag alone", {{}, "t"}, {}, {"t", "", 0}},
    {"a count alone", {4, ""}, {}, {parent, "", 4}},
    {"Open MPI",
     {},
     {"OMPI_COMM_WORLD_LOCAL_SIZE=8", "OMPI_COMM_WORLD_LOCAL_RANK=3"},
     {parent, "", 8, false, 3}},
    {"PMIx",
     {},
     {"OMPI_COMM_WORLD_LOCAL_SIZE=8", "PMIX_NAMESPACE=prterun-node-7@1"},
     {"prterun-node-7@1", "", 8}},
    {"PMIX_NAMESPACE is not of Slurm's own launch",
     {},
     {"SLURM_STEP_TASKS_PER_NODE=2", "PMIX_NAMESPACE=x", "SLURM_STEP_ID=1"},
     {"1", "", 2}},
    {"MVAPICH2",
     {},
     {"MV2_COMM_WORLD_LOCAL_SIZE=2", "MV2_COMM_WORLD_LOCAL_RANK=1"},
     {parent, "", 2, false, 1}},
    {"MPICH", {}, {"MPI_LOCALNRANKS=2", "MPI_LOCALRANKID=0"}, {parent, "", 2, false, 0}},
    {"PMI", {}, {"PMI_LOCAL_SIZE=5", "PMI_LOCAL_RANK=4"}, {parent, "", 5, false, 4}},
    {"PALS",
     {},
     {"PALS_LOCAL_SIZE=5", "PALS_LOCAL_RANKID=4", "PALS_APID=a-b"},
     {"a-b", "", 5, false, 4}},
    {"a Slurm step",
     {},
     {"SLURM_JOB_ID=77", "SLURM_STEP_ID=2", "SLURM_STEP_TASKS_PER_NODE=4(x2)", "SLURM_LOCALID=1"},
     {"2", "77", 4, false, 1}},
    {"Slurm's processors", {}, {"SLURM_CPUS_ON_NODE=16"}, {parent, "", 16, true}},
    {"tasks before processors",
     {},
     {"SLURM_CPUS_ON_NODE=16", "SLURM_STEP_TASKS_PER_NODE=3"},
     {parent, "", 3}},
    {"MPI inside Slurm",
     {},
     {"SLURM_STEP_TASKS_PER_NODE=1", "OMPI_COMM_WORLD_LOCAL_SIZE=6", "SLURM_STEP_ID=foo"},
     {"foo", "", 6}},
    {"the given comes first",
     {2, "t"},
     {"OMPI_COMM_WORLD_LOCAL_SIZE=8", "SLURM_STEP_ID=foo", "SLURM_JOB_ID=1"},
     {"t", "", 2}},
    {"empty is unset", {3, ""}, {"SLURM_STEP_ID=", "OMPI_COMM_WORLD_LOCAL_SIZE="}, {parent, "", 3}},
};

Result<Peers> peers_of(const PeersWanted& wanted, std::vector<const char*> environment) {
    environment.push_back(nullptr);
    return peers_from(wanted, environment.data());
}

TEST(Peers, EveryLauncher) {
    for (const Row& row : rows) {
        SCOPED_TRACE(row.name);
        const auto found = peers_of(row.wanted, row.environment);
        ASSERT_TRUE(found.ok()) << found.error().text();
        const Peers& peers = found.value();
        EXPECT_EQ(peers.tag, row.peers.tag);
        EXPECT_EQ(peers.scope, row.peers.scope);
        EXPECT_EQ(peers.count, row.peers.count);
        EXPECT_EQ(peers.is_guess, row.peers.is_guess);
        EXPECT_EQ(peers.rank, row.peers.rank);
    }
}

TEST(Peers, SlurmCountsForEachNode) {
    const struct {
        const char* list;
        const char* node;
        unsigned count;
    } table[] = {
        {"4", "SLURM_NODEID=0", 4},          {"4(x2),1", "SLURM_NODEID=0", 4},
        {"4(x2),1", "SLURM_NODEID=1", 4},    {"4(x2),1", "SLURM_NODEID=2", 1},
        {"4(x2),1", "SLURM_NODEID=9", 4},    {"2,3,5", "SLURM_NODEID=1", 3},
        {"2,3,5", "SLURM_JOB_NODELIST=", 2}, {"3 tasks", "SLURM_NODEID=1", 3},
        {"4(x", "SLURM_NODEID=1", 4},        {"4(x99999999999999999999)", "SLURM_NODEID=3", 4},
    };
    for (const auto& row : table) {
        SCOPED_TRACE(std::string(row.list) + " " + row.node);
        const std::string list = std::string("SLURM_STEP_TASKS_PER_NODE=") + row.list;
        const auto found = peers_of({}, {list.c_str(), row.node});
        ASSERT_TRUE(found.ok()) << found.error().text();
        EXPECT_EQ(found.value().count, row.count);
    }
}

TEST(Peers, WhatIsNoGroup) {
    const struct {
        PeersWanted wanted;
        std::vector<const char*> environment;
        const char* error;
    } table[] = {
        {{},
         {},
         "join: count: no valid peer group size found (no launcher's variable says how "
         "many there are: give --join-ct, or a --join-tag to share with whoever comes)"},
        {{0, "t"}, {}, "join: count \"0\": no valid peer group size found"},
        {{},
         {"SLURM_CPUS_ON_NODE=-2"},
         "join: count \"SLURM_CPUS_ON_NODE=-2\": no valid peer group size found (give one with "
         "--join-ct)"},
        {{},
         {"OMPI_COMM_WORLD_LOCAL_SIZE=0"},
         "join: count \"OMPI_COMM_WORLD_LOCAL_SIZE=0\": no valid peer group size found (give one "
         "with --join-ct)"},
    };
    for (const auto& row : table) {
        const auto found = peers_of(row.wanted, row.environment);
        EXPECT_EQ(found ? "" : found.error().text(), row.error);
    }
}

}  // namespace
}  // namespace caisson
