// SPDX-License-Identifier: Apache-2.0
//
// The one page that parent and child share while a sandbox is started. It is all that goes
// between them: whose turn it is, what failed, when phases ended, how the program died.
#pragma once

#include <atomic>
#include <cstdint>

#include "child/outcome.h"

namespace caisson::child {

// Whose turn it is: a futex word that also tells when the child is gone, because the kernel itself
// writes it then. In shared memory CLONE_CHILD_CLEARTID zeroes it at exec and at death; with a
// copied address space, where that is not done, a robust futex list marks it (get_robust_list(2)).
// The robust list is why the word is the child's thread id and why "the parent waits" is the bit
// that the kernel knows as FUTEX_WAITERS: only then does it wake the parent.
namespace baton {
constexpr uint32_t parent_waits = 0x80000000;
constexpr uint32_t owner_died = 0x40000000;

constexpr bool child_is_gone(uint32_t word) {
    return word == 0 || (word & owner_died) != 0;
}
constexpr bool is_childs_turn(uint32_t word) {
    return !child_is_gone(word) && (word & parent_waits) != 0;
}
}  // namespace baton

constexpr int max_timed_phases = 64;

// Where a start had got to when it failed.
enum class Stage : uint8_t { start, namespaces, phases, exec };

// What a parent phase failed with, for a child that has to tell it: with become() it is the child
// that has a caller. Empty: it did not fail.
struct ParentFailure {
    char operation[64] = {};
    char subject[512] = {};
    char reason[512] = {};  // where the failure has no errno value
};

struct Record {
    std::atomic<uint32_t> baton{1 | baton::parent_waits};
    std::atomic<bool> watched{false};  // the kernel will mark `baton` if the child ends

    Outcome failure;
    uint16_t failed_phase = 0;  // indices into the plan
    uint16_t failed_step = 0;
    Stage stage = Stage::start;
    bool reached_exec = false;
    ParentFailure parent_failure;

    // Set by the init once it has given up everything, for a second process that waits for that.
    std::atomic<uint32_t> init_is_ready{0};

    // How a hook ended that made the start fail: as wait(2) has it.
    int hook_status = 0;
    bool hook_timed_out = false;
    int root = -1;  // the child's descriptor for the new root, for the parent's phases

    // Written by the init for the parent: wait status of the program.
    bool program_ended = false;
    int program_status = 0;

    bool announce = false;  // the child gives the parent a turn before its first phase
    bool measure = false;   // and one after its last
    int64_t begin_ns = 0;
    int64_t phases_begin_ns = 0;
    int64_t phase_end_ns[max_timed_phases] = {};
};

}  // namespace caisson::child
