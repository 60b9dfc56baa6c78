// SPDX-License-Identifier: Apache-2.0
//
// Coming to a meeting: who can bind the name is the first, the others connect to it.
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "base/try.h"
#include "caisson/mem_file.h"
#include "join/attendant.h"
#include "join/order.h"
#include "join/state.h"
#include "launch/detached_process.h"

namespace caisson {

using std::chrono::milliseconds;

struct Meeting::State {
    Peers peers;
    MeetingOptions options;
    join::Deadline deadline{milliseconds(0)};

    // The first one's.
    Fd listener;
    Fd offer;   // of a pair: this end is for the program's process,
    Fd offers;  // this one for the attendant

    // The others'.
    join::Answer answer;
    SandboxState there;
    std::vector<Fd> held;
};

namespace {

struct Address {
    sockaddr_un name{};
    socklen_t size = 0;
};

// FNV-1a, for tags that a name has no room for. Nobody gains by a collision: it is the same user's.
uint64_t digest_of(std::string_view text) {
    uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
}

// unix(7), "Abstract sockets": a NUL in front, and then any bytes at all.
Address address_of(const Peers& peers) {
    Address address;
    std::string name = '\0' + (join::format + ("/" + std::to_string(geteuid()))) + '/' +
                       peers.scope + '/' + peers.tag;
    const size_t room = sizeof address.name.sun_path;
    if (name.size() > room) {
        char digest[24];
        snprintf(digest, sizeof digest, "~%016llx",
                 static_cast<unsigned long long>(digest_of(name)));
        name = name.substr(0, room - strlen(digest)) + digest;
    }
    address.name.sun_family = AF_UNIX;
    memcpy(address.name.sun_path, name.data(), name.size());
    address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    return address;
}

Error failed(const char* operation, const Peers& peers, int error) {
    return {"join", operation, peers.tag, error, {}, {}};
}

std::string words_for(const join::Answer& answer) {
    if (answer.first == 0) return "the first peer";
    std::string words = "the first peer, process " + std::to_string(answer.first);
    if (answer.first_rank >= 0) words += ", rank " + std::to_string(answer.first_rank);
    return words + ",";
}

Error too_late(const Peers& peers, const MeetingOptions& options, const join::Answer& answer) {
    char seconds[32];
    snprintf(seconds, sizeof seconds, "%g", static_cast<double>(options.timeout.count()) / 1000);
    return {"join",
            "meet",
            peers.tag,
            0,
            words_for(answer) + " has not made the sandbox within " + seconds + " s",
            "--join-timeout waits longer"};
}

enum class Came { in, again };

// One message of the attendant's, or the end of it.
Result<Came> wait_for_answer(int socket, const Peers& peers, const MeetingOptions& options,
                             const join::Deadline& deadline, join::Answer& answer,
                             std::vector<Fd>& fds) {
    for (;;) {
        pollfd readable = {socket, POLLIN, 0};
        const int ready = poll(&readable, 1, static_cast<int>(deadline.left().count()));
        if (ready < 0 && errno != EINTR) return failed("poll", peers, errno);
        if (ready == 0) return too_late(peers, options, answer);
        const long size = join::receive(socket, &answer, sizeof answer, fds);
        if (size == -EAGAIN) continue;
        if (size == 0 || size == -ECONNRESET) return Came::again;
        if (size < 0) return failed("recvmsg", peers, static_cast<int>(-size));
        if (size != sizeof answer) return failed("recvmsg", peers, EBADMSG);
        if (answer.kinds != 0) return Came::in;
    }
}

Result<SandboxState> read_state(Fd fd) {
    const SealedFile sealed = TRY(SealedFile::adopt(std::move(fd)));
    std::string bytes;
    char part[4096];
    for (;;) {
        const ssize_t size =
            pread(sealed.fd(), part, sizeof part, static_cast<off_t>(bytes.size()));
        if (size < 0) return Error{"join", "read", "the first peer's state", errno, {}, {}};
        if (size == 0) return join::from_bytes(bytes);
        bytes.append(part, static_cast<size_t>(size));
    }
}

// The descriptors behind the state's, by their kinds.
Result<std::vector<NamespaceHandle>> handles_of(const join::Answer& answer,
                                                const std::vector<Fd>& fds) {
    std::vector<NamespaceHandle> handles;
    for (const child::NamespaceFile& file : child::namespace_files) {
        if ((answer.kinds & file.kind) == 0) continue;
        if (handles.size() == fds.size()) break;
        handles.push_back({file.kind, fds[handles.size()].get()});
    }
    uint64_t kinds = 0;
    for (const NamespaceHandle& one : handles)
        kinds |= one.kind;
    if (kinds == answer.kinds && handles.size() == fds.size()) return handles;
    return Error{"join", "recvmsg", "namespaces", EBADMSG, {}, {}};
}

}  // namespace

Meeting::Meeting(std::unique_ptr<State> state) : state_(std::move(state)) {}
Meeting::Meeting(Meeting&&) noexcept = default;
Meeting& Meeting::operator=(Meeting&&) noexcept = default;
Meeting::~Meeting() = default;

namespace {

Result<void> make_offer_sockets(Fd& offer, Fd& offers) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
        return Error{"join", "socketpair", "offer", errno, {}, {}};
    }
    offer.reset(ends[0]);
    offers.reset(ends[1]);
    return {};
}

Result<Fd> meeting_socket(const Peers& peers) {
    const int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return failed("socket", peers, errno);
    return Fd(fd);
}

// Connected and greeted, or not yet: whoever has bound the name does not listen yet, does no
// longer, or has more to do than it can.
Result<Fd> connect_to(const Address& address, const Peers& peers) {
    Fd socket = TRY(meeting_socket(peers));
    const auto* name = reinterpret_cast<const sockaddr*>(&address.name);
    if (connect(socket.get(), name, address.size) < 0) {
        if (errno == ECONNREFUSED || errno == EAGAIN || errno == EINTR) return Fd();
        return failed("connect", peers, errno);
    }
    if (TRY(join::check_peer(socket.get())) == join::Peer::ended) return Fd();
    // If it has gone meanwhile, its answer may be there all the same.
    const join::Hello hello{peers.rank};
    (void)join::send(socket.get(), &hello, sizeof hello);
    return socket;
}

void sleep_for(milliseconds time) {
    poll(nullptr, 0, static_cast<int>(time.count()));
}

}  // namespace

Result<Meeting> Meeting::come(const Peers& peers, const MeetingOptions& options) {
    auto state = std::make_unique<State>();
    state->peers = peers;
    state->options = options;
    state->deadline = join::Deadline(options.timeout);
    const Address address = address_of(peers);
    const auto* name = reinterpret_cast<const sockaddr*>(&address.name);
    for (milliseconds pause{1};; pause = std::min(2 * pause, milliseconds(16))) {
        Fd listener = TRY(meeting_socket(peers));
        if (bind(listener.get(), name, address.size) == 0) {
            state->listener = std::move(listener);
            TRY(make_offer_sockets(state->offer, state->offers));
            return Meeting(std::move(state));
        }
        if (errno != EADDRINUSE) return failed("bind", peers, errno);
        const Fd socket = TRY(connect_to(address, peers));
        std::vector<Fd> fds;
        state->answer = {};
        if (socket && TRY(wait_for_answer(socket.get(), peers, options, state->deadline,
                                          state->answer, fds)) == Came::in) {
            if (fds.empty()) return failed("recvmsg", peers, EBADMSG);
            state->there = TRY(read_state(std::move(fds.front())));
            fds.erase(fds.begin());
            const auto handles = TRY(handles_of(state->answer, fds));
            state->there.sandbox.namespaces = join::in_order(handles, fds);
            state->held = std::move(fds);
            return Meeting(std::move(state));
        }
        if (state->deadline.has_passed()) return too_late(peers, options, state->answer);
        sleep_for(pause);
    }
}

bool Meeting::is_first() const {
    return static_cast<bool>(state_->offer);
}

int Meeting::offer() const {
    return state_->offer.get();
}

Result<void> Meeting::attend(const SandboxState& sandbox) {
    MemFile file = TRY(MemFile::create("caisson-join"));
    TRY(file.write(join::to_bytes(sandbox)));
    SealedFile sealed = TRY(std::move(file).seal());
    const pid_t self = getpid();
    TRY(start_detached("join attendant", [&] {
        state_->offer.reset();
        join::Attendant(std::move(state_->listener), std::move(state_->offers),
                        std::move(sealed).release(), state_->peers, self, state_->options,
                        state_->deadline)
            .serve();
    }));
    state_->listener.reset();
    state_->offers.reset();
    return {};
}

const ExistingSandbox& Meeting::sandbox() const {
    return state_->there.sandbox;
}

const std::vector<std::string>& Meeting::environment() const {
    return state_->there.environment;
}

pid_t Meeting::first() const {
    return state_->answer.first;
}

unsigned Meeting::still_away() const {
    const unsigned count = state_->peers.count;
    return is_first() ? (count > 0 ? count - 1 : 0) : state_->answer.still_away;
}

}  // namespace caisson
