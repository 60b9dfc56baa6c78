// SPDX-License-Identifier: Apache-2.0
//
// What goes between a peer and the attendant, over a SOCK_SEQPACKET socket: the peer says hello;
// the attendant greets, and once the sandbox is made sends the answer, with descriptors along: the
// sealed state (state.h), then one for each kind, as in child/offer.h. Both sides are this program,
// perhaps in two versions: the name of the socket has the number of this format.
#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "caisson/error.h"
#include "caisson/fd.h"

namespace caisson::join {

constexpr const char* format = "caisson-join-1";

struct Hello {
    int32_t rank = -1;
};

struct Answer {
    uint64_t kinds = 0;  // CLONE_NEW*; 0: a greeting, the sandbox is not made yet
    pid_t first = 0;
    int32_t first_rank = -1;
    uint32_t still_away = 0;
};

// A message's size, 0 at the end, or -errno; descriptors that come along are owned by `fds`.
long receive(int socket, void* data, size_t size, std::vector<Fd>& fds);
// 0 or -errno. Never waits, never raises SIGPIPE.
int send(int socket, const void* data, size_t size, const std::vector<int>& fds = {});

enum class Peer { trusted, ended };

// Whether the process at the other end is this user's and in this user namespace. Anybody may know
// the socket's name, a program in a sandbox of the same user too: it must neither be told anything
// nor send somebody into namespaces of its own making. The Error says who it is.
Result<Peer> check_peer(int socket);

}  // namespace caisson::join
