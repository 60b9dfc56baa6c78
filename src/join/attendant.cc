// SPDX-License-Identifier: Apache-2.0
//
// Runs in a process of its own, copied from the first peer before that one changed anything.
#include "join/attendant.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "base/file.h"
#include "base/text.h"

namespace caisson::join {
namespace {

using std::chrono::milliseconds;

// For kernels without pidfds, where there is nothing to wait for.
constexpr milliseconds look_again{200};
// For answers that could not be sent at once.
constexpr milliseconds try_again{5};

// "STATE … STARTTIME" are the fields 3 and 22 of proc_pid_stat(5); the name before them may have
// blanks and brackets. Empty once the process is gone or a zombie.
std::string start_time_of(pid_t pid) {
    const auto read = file::read("/proc/" + std::to_string(pid) + "/stat", "join");
    if (!read) return {};
    const std::string& line = read.value();
    const size_t name_end = line.rfind(") ");
    if (name_end == std::string::npos) return {};
    const auto fields = text::split(std::string_view(line).substr(name_end + 2), ' ');
    return fields.size() < 20 || fields[0] == "Z" || fields[0] == "X" ? "" : fields[19];
}

// What the program is to close at its end must not stay open here: a pipe's reader would wait.
void close_all_but(const std::vector<int>& kept) {
    DIR* directory = opendir("/proc/self/fd");
    if (!directory) return;
    std::vector<int> open;
    while (const dirent* entry = readdir(directory)) {
        if (entry->d_name[0] != '.') open.push_back(atoi(entry->d_name));
    }
    closedir(directory);
    for (const int fd : open) {
        if (fd > 2 && std::find(kept.begin(), kept.end(), fd) == kept.end()) close(fd);
    }
}

void redirect_to_null(std::initializer_list<int> fds) {
    const Fd null(open("/dev/null", O_RDWR | O_CLOEXEC));
    for (const int fd : fds) {
        if (null) dup2(null.get(), fd);
    }
}

bool is_ready(const pollfd& one) {
    return one.revents != 0;
}

}  // namespace

First::First(pid_t pid, Fd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {
    if (!pidfd_) start_time_ = start_time_of(pid);
}

bool First::has_ended() const {
    if (!pidfd_) return start_time_.empty() || start_time_of(pid_) != start_time_;
    pollfd ended = {pidfd_.get(), POLLIN, 0};
    return poll(&ended, 1, 0) > 0;
}

Attendant::Attendant(Fd listener, Fd offers, Fd state, const Peers& peers, pid_t first,
                     const MeetingOptions& options, Deadline deadline)
    : listener_(std::move(listener)),
      offers_(std::move(offers)),
      state_(std::move(state)),
      peers_(peers),
      caller_(first),
      options_(options),
      deadline_(deadline) {
    if (peers.rank >= 0) ranks_.insert(peers.rank);
}

// Out of the terminal's reach, in nobody's directory, with none of the program's descriptors.
void Attendant::become_unobtrusive() {
    close_all_but({listener_.get(), offers_.get(), state_.get()});
    redirect_to_null({STDIN_FILENO, STDOUT_FILENO});
    if (all_came() || peers_.is_guess || !options_.missing) let_standard_error_go();
    setsid();
    (void)!chdir("/");
    prctl(PR_SET_NAME, "caisson-join");
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

void Attendant::let_standard_error_go() {
    if (!holds_standard_error_) return;
    holds_standard_error_ = false;
    redirect_to_null({STDERR_FILENO});
}

timespec Attendant::patience() const {
    milliseconds most = late_ ? milliseconds(3'600'000) : deadline_.left();
    if (first_.is_known() && first_.pidfd() < 0) most = std::min(most, look_again);
    if (answers_wait()) most = std::min(most, try_again);
    return {most.count() / 1000, most.count() % 1000 * 1'000'000};
}

Error Attendant::missing() const {
    const unsigned away = still_away();
    const double seconds = static_cast<double>(options_.timeout.count()) / 1000;
    char reason[96];
    snprintf(reason, sizeof reason, "%u of %u peers %s not come within %g s", away, peers_.count,
             away == 1 ? "has" : "have", seconds);
    std::vector<std::string> names;
    for (unsigned rank = 0; rank < peers_.count && !ranks_.empty(); rank++) {
        if (!ranks_.contains(static_cast<int>(rank))) names.push_back(std::to_string(rank));
    }
    const std::string ranks =
        names.empty() ? "" : (names.size() == 1 ? ": rank " : ": ranks ") + text::join(names, ", ");
    return {"join",
            "meet",
            peers_.tag,
            0,
            reason + ranks,
            "have they been killed, or started in another user, pid or network namespace?"};
}

// False once the first one has ended, or failed, without a sandbox: then the name must be free.
bool Attendant::take_offer() {
    child::Offer offer;
    std::vector<Fd> fds;
    const long size = receive(offers_.get(), &offer, sizeof offer, fds);
    if (size == -EAGAIN) return true;
    if (size != sizeof offer || fds.empty()) return false;
    Fd pidfd;
    if (offer.has_pidfd) {
        pidfd = std::move(fds.front());
        fds.erase(fds.begin());
    }
    first_ = First(offer.pid, std::move(pidfd));
    kinds_ = offer.kinds;
    namespaces_ = std::move(fds);
    offers_.reset();
    return true;
}

bool Attendant::answer(Guest& guest) {
    Answer answer;
    answer.kinds = kinds_;
    answer.first = first_.is_known() ? first_.pid() : caller_;
    answer.first_rank = peers_.rank;
    answer.still_away = guest.still_away;
    std::vector<int> fds;
    if (kinds_ != 0) {
        fds.push_back(state_.get());
        for (const Fd& one : namespaces_)
            fds.push_back(one.get());
    }
    const int error = send(guest.socket.get(), &answer, sizeof answer, fds);
    // Descriptors that are under way are counted for each user (ETOOMANYREFS of unix(7)): again,
    // when some have arrived. One that is gone shows when it is listened to.
    const bool again = error == -ETOOMANYREFS || error == -EAGAIN || error == -ENOBUFS;
    return kinds_ != 0 && !again;
}

bool Attendant::answers_wait() const {
    return kinds_ != 0 &&
           std::ranges::any_of(guests_, [](const Guest& guest) { return !guest.was_answered; });
}

void Attendant::admit() {
    Guest guest;
    guest.socket.reset(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!guest.socket) {
        full_ = errno == EMFILE || errno == ENFILE;
        return;
    }
    const auto peer = check_peer(guest.socket.get());
    if (!peer || peer.value() != Peer::trusted) return;
    // Counted by its number: one that had to come again is still one.
    ucred process{};
    socklen_t size = sizeof process;
    getsockopt(guest.socket.get(), SOL_SOCKET, SO_PEERCRED, &process, &size);
    came_.insert(process.pid);
    guest.still_away = still_away();
    guest.was_answered = answer(guest);
    guests_.push_back(std::move(guest));
}

// A hello, or the end: then the socket is dropped.
void Attendant::listen_to(Guest& guest) {
    Hello hello;
    std::vector<Fd> none;
    const long size = receive(guest.socket.get(), &hello, sizeof hello, none);
    if (size == -EAGAIN) return;
    if (size != sizeof hello || guest.said_hello) return guest.socket.reset();
    guest.said_hello = true;
    if (hello.rank >= 0) ranks_.insert(hello.rank);
}

void Attendant::notice_the_time() {
    if (!late_ && deadline_.has_passed()) {
        late_ = true;
        if (holds_standard_error_ && !first_ended_ && !all_came()) options_.missing(missing());
    }
    if (late_ || all_came() || first_ended_) let_standard_error_go();
}

// The listener, the offer or the first one's end, then the guests.
std::vector<pollfd> Attendant::watched() const {
    std::vector<pollfd> fds = {{full_ ? -1 : listener_.get(), POLLIN, 0},
                               {offers_ ? offers_.get() : first_.pidfd(), POLLIN, 0}};
    if (first_ended_) fds[1].fd = -1;
    for (const Guest& guest : guests_)
        fds.push_back({guest.socket.get(), POLLIN, 0});
    return fds;
}

void Attendant::serve() {
    become_unobtrusive();
    // Here and not in the first one: who connects is told by the kernel who has listened.
    if (listen(listener_.get(), 4096) < 0) return;
    while (!is_over()) {
        std::vector<pollfd> fds = watched();
        const timespec most = patience();
        if (ppoll(fds.data(), fds.size(), &most, nullptr) < 0 && errno != EINTR) return;
        if (offers_ && is_ready(fds[1]) && !take_offer()) return;
        if (first_.is_known()) first_ended_ = first_ended_ || first_.has_ended();
        for (size_t i = 0; i + 2 < fds.size(); i++) {
            if (is_ready(fds[i + 2])) listen_to(guests_[i]);
        }
        for (Guest& guest : guests_) {
            if (kinds_ != 0 && guest.socket && !guest.was_answered)
                guest.was_answered = answer(guest);
        }
        const size_t gone = std::erase_if(guests_, [](const Guest& guest) {
            return !guest.socket || (guest.said_hello && guest.was_answered);
        });
        if (gone != 0) full_ = false;
        notice_the_time();
        if (is_ready(fds[0]) && !is_over()) admit();
    }
}

}  // namespace caisson::join
