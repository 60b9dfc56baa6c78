// SPDX-License-Identifier: Apache-2.0
//
// What the child sends to whoever lets others join: this, and descriptors along with it
// (SCM_RIGHTS of unix(7)): of the child itself where `has_pidfd`, then one for each kind, in the
// order of `namespace_files`, which is the order in which they are entered.
#pragma once

#include <sched.h>
#include <sys/types.h>

#include <cstdint>

namespace caisson::child {

struct Offer {
    uint64_t kinds = 0;  // CLONE_NEW*
    pid_t pid = 0;
    bool has_pidfd = false;
};

struct NamespaceFile {
    uint64_t kind;
    const char* name;  // in /proc/PID/ns
};

// The user namespace first, since it gives the privilege to enter the others; the mount namespace
// last, since it changes what paths mean.
constexpr NamespaceFile namespace_files[] = {
    {CLONE_NEWUSER, "ns/user"}, {CLONE_NEWNET, "ns/net"},       {CLONE_NEWIPC, "ns/ipc"},
    {CLONE_NEWUTS, "ns/uts"},   {CLONE_NEWCGROUP, "ns/cgroup"}, {CLONE_NEWNS, "ns/mnt"},
};
constexpr int max_namespaces = 6;

}  // namespace caisson::child
