// SPDX-License-Identifier: Apache-2.0
//
// The process that keeps a meeting open while the first peer is, or becomes, its program.
#pragma once

#include <poll.h>

#include <set>
#include <vector>

#include "caisson/join.h"
#include "child/offer.h"
#include "join/deadline.h"
#include "join/message.h"

namespace caisson::join {

// The process that made the sandbox, as it was when it sent its offer.
class First {
  public:
    First() = default;
    First(pid_t pid, Fd pidfd);

    bool is_known() const { return pid_ != 0; }
    pid_t pid() const { return pid_; }
    int pidfd() const { return pidfd_.get(); }  // -1 where the kernel has none: ask has_ended()
    bool has_ended() const;

  private:
    pid_t pid_ = 0;
    Fd pidfd_;
    std::string start_time_;  // tells it from a later process of the same number
};

class Attendant {
  public:
    // Owns the listening socket, the end of the socket that the offer comes over, and the state's
    // memory file.
    Attendant(Fd listener, Fd offers, Fd state, const Peers& peers, pid_t first,
              const MeetingOptions& options, Deadline deadline);

    // Makes this process one that is in nobody's way, and returns when the meeting is over.
    void serve();

  private:
    struct Guest {
        Fd socket;
        bool said_hello = false;
        bool was_answered = false;
        unsigned still_away = 0;  // when it came
    };

    // The first one is not among its guests.
    unsigned came() const { return static_cast<unsigned>(came_.size()) + 1; }
    bool all_came() const { return peers_.count == 0 || came() >= peers_.count; }
    unsigned still_away() const { return all_came() ? 0 : peers_.count - came(); }
    bool answers_wait() const;
    // Not while there is a guest that has its answer and has still to say hello: it would find the
    // socket closed, and come again as a first one.
    bool is_over() const { return first_ended_ && ((all_came() && guests_.empty()) || late_); }
    timespec patience() const;
    Error missing() const;

    void become_unobtrusive();
    void let_standard_error_go();
    std::vector<pollfd> watched() const;
    bool take_offer();
    void notice_the_time();
    void admit();
    void listen_to(Guest& guest);
    bool answer(Guest& guest);

    Fd listener_;
    Fd offers_;  // closed once the offer is there
    Fd state_;
    const Peers& peers_;
    const pid_t caller_;
    const MeetingOptions& options_;
    const Deadline deadline_;

    First first_;
    uint64_t kinds_ = 0;
    std::vector<Fd> namespaces_;
    std::vector<Guest> guests_;
    std::set<int> ranks_;
    std::set<pid_t> came_;
    bool first_ended_ = false;
    bool late_ = false;
    bool full_ = false;  // no descriptor left for another guest
    bool holds_standard_error_ = true;
};

}  // namespace caisson::join
