// SPDX-License-Identifier: Apache-2.0
//
// One sandbox for several processes: those that mpirun or srun starts on a node, or any that agree
// on a tag. The first that comes makes the sandbox, the others enter it. Processes that share one
// are in the same user namespace and may reach each other's memory (process_vm_readv(2)), which is
// what MPI libraries do on one node.
//
//     Meeting meeting = Meeting::come(peers, {});
//     meeting.is_first():  spec.offer_namespaces = meeting.offer(); compile; meeting.attend(…);
//     become else:                spec = …; spec.join = meeting.sandbox(); compile; become
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "caisson/error.h"
#include "caisson/fd.h"
#include "caisson/spec.h"

#pragma GCC visibility push(default)
namespace caisson {

// Those that share a sandbox.
struct Peers {
    // Equal for all of them and for nobody else of this user on this machine. Any text.
    std::string tag;
    // What the tag is unique within, a batch job's number; part of the agreement. May be empty.
    std::string scope;
    unsigned count = 0;     // how many they are on this node; 0: whoever comes
    bool is_guess = false;  // the count is of processors: nobody is missed who does not come
    int rank = -1;          // this one's number among them, from 0; -1: none. For messages only.
};

// What the user said about them; the rest is the launcher's to say.
struct PeersWanted {
    std::optional<unsigned> count;
    std::string tag;  // empty: none
};

// Who the peers are by the variables of Open MPI, MVAPICH2, MPICH, Intel MPI, Cray's PMI and PALS,
// and Slurm; the tag is the parent's process id where nobody names the group. `environment` is
// null-terminated. Errors: nobody says how many there are (but for a tag of the user's), or
// something impossible is said.
Result<Peers> peers_from(const PeersWanted& wanted, const char* const* environment);

// What the peer that made the sandbox tells the others beside its namespaces.
struct SandboxState {
    ExistingSandbox sandbox;               // without namespaces
    std::vector<std::string> environment;  // changes: "NAME=value" sets, "NAME" unsets
};

// What has to be set ("NAME=value") and unset ("NAME") in `before` to get `after`.
std::vector<std::string> environment_changes(const char* const* before,
                                             const std::vector<std::string>& after);
// `environment` with such changes.
std::vector<std::string> changed_environment(std::vector<std::string> environment,
                                             const std::vector<std::string>& changes);

// What a program of this Spec is held to, for those that join it. `uid` is its user's number
// inside.
ExistingSandbox restrictions_of(const Spec& spec, uint32_t uid);

struct MeetingOptions {
    // How long to wait for the first one's sandbox, and how long the first one's attendant waits
    // for the last peer.
    std::chrono::milliseconds timeout = std::chrono::seconds(30);
    // Told, in the attendant, that the time is over and who has not come. Called at most once.
    std::function<void(const Error&)> missing;
};

// Where peers find each other: an abstract unix socket (unix(7)) that is named for the user and the
// tag. The kernel takes the name away with the last process that has it, so nothing is ever left
// behind, whoever is killed. A process that is started by the first one, the attendant, has it: it
// hands the namespaces to each peer that comes, until the first one has ended and all have come or
// the timeout has passed.
//
// Only processes of the same user, user namespace and network namespace meet.
class Meeting {
  public:
    // Comes to the meeting: as the first, or else waits until the first one's sandbox is made. A
    // first one that dies before that is replaced by one of those that wait. Errors: the timeout;
    // somebody else has the name.
    static Result<Meeting> come(const Peers& peers, const MeetingOptions& options);

    Meeting(Meeting&&) noexcept;
    Meeting& operator=(Meeting&&) noexcept;
    ~Meeting();

    bool is_first() const;

    // The first one's: the socket for Spec::offer_namespaces. Stays the Meeting's.
    int offer() const;
    // Starts the attendant, which is no child of this process. To be called last before the start;
    // a start that then fails ends it, and another peer is the first.
    Result<void> attend(const SandboxState& state);

    // The others': the sandbox, whose descriptors stay the Meeting's.
    const ExistingSandbox& sandbox() const;
    const std::vector<std::string>& environment() const;
    // The process that made it; it may have ended since.
    pid_t first() const;
    // How many had not come yet when this one came, as far as a count is known: 0 for the last.
    unsigned still_away() const;

  private:
    struct State;
    explicit Meeting(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// The namespaces that a process has and the caller has not, and what it is held to as far as the
// kernel shows it (a seccomp filter can't be copied). Errors: ESRCH or ENOENT: no such process;
// EACCES: somebody else's; it has a pid or time namespace of its own, which nobody can move into.
class ProcessSandbox {
  public:
    static Result<ProcessSandbox> of(pid_t pid);
    // Its descriptors stay this object's.
    const ExistingSandbox& sandbox() const { return sandbox_; }

  private:
    ExistingSandbox sandbox_;
    std::vector<Fd> held_;
};

}  // namespace caisson
#pragma GCC visibility pop
