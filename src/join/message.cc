// SPDX-License-Identifier: Apache-2.0
#include "join/message.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child/offer.h"
#include "sys/constants.h"

namespace caisson::join {
namespace {

constexpr size_t most_fds = child::max_namespaces + 1;

Error refuse(const std::string& subject, std::string reason, std::string hint) {
    return {"join", "meet", subject, 0, std::move(reason), std::move(hint)};
}

struct FileId {
    dev_t device = 0;
    ino_t inode = 0;
    bool operator==(const FileId&) const = default;
};

// 0 or an errno value.
int user_namespace_of(const std::string& process, FileId& found) {
    struct stat data = {};
    if (stat(("/proc/" + process + "/ns/user").c_str(), &data) < 0) return errno;
    found = {data.st_dev, data.st_ino};
    return 0;
}

// The number may have gone to another process since. A kernel since 6.5 hands a pidfd out, by which
// it is seen whether the one that was looked at is the one at the other end.
bool has_ended(int socket) {
    int number = -1;
    socklen_t size = sizeof number;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERPIDFD, &number, &size) < 0) {
        return errno != ENOPROTOOPT;
    }
    const Fd pidfd(number);
    pollfd ended = {number, POLLIN, 0};
    return poll(&ended, 1, 0) != 0;
}

}  // namespace

long receive(int socket, void* data, size_t size, std::vector<Fd>& fds) {
    alignas(cmsghdr) char control[CMSG_SPACE(most_fds * sizeof(int))];
    iovec part = {data, size};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (received < 0) return -errno;
    for (cmsghdr* one = CMSG_FIRSTHDR(&message); one; one = CMSG_NXTHDR(&message, one)) {
        if (one->cmsg_level != SOL_SOCKET || one->cmsg_type != SCM_RIGHTS) continue;
        const size_t count = (one->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int fd = -1;
            memcpy(&fd, CMSG_DATA(one) + i * sizeof fd, sizeof fd);
            fds.emplace_back(fd);
        }
    }
    // EMFILE on this side: the kernel has dropped what there was no number for.
    return (message.msg_flags & MSG_CTRUNC) != 0 ? -EMFILE : received;
}

int send(int socket, const void* data, size_t size, const std::vector<int>& fds) {
    alignas(cmsghdr) char control[CMSG_SPACE(most_fds * sizeof(int))] = {};
    iovec part = {const_cast<void*>(data), size};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (!fds.empty()) {
        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(fds.size() * sizeof(int));
        cmsghdr* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
        memcpy(CMSG_DATA(header), fds.data(), fds.size() * sizeof(int));
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

Result<Peer> check_peer(int socket) {
    constexpr const char* together =
        "peers share the user, pid and network namespaces that they start in";
    ucred peer{};
    socklen_t size = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) {
        return Error{"join", "getsockopt", "SO_PEERCRED", errno, {}, {}};
    }
    if (peer.uid != geteuid()) {
        return refuse("uid " + std::to_string(peer.uid), "another user holds this meeting's name",
                      "choose another --join-tag");
    }
    if (peer.pid == 0) {
        return refuse({}, "who holds this meeting is in another pid namespace", together);
    }
    const std::string number = std::to_string(peer.pid);
    FileId own, theirs;
    if (const int error = user_namespace_of("self", own); error != 0) {
        return Error{"join", "stat", "/proc/self/ns/user", error, {}, {}};
    }
    const int error = user_namespace_of(number, theirs);
    if (error == ENOENT || error == ESRCH || has_ended(socket)) return Peer::ended;
    if (error != 0) {
        return Error{"join", "stat", "/proc/" + number + "/ns/user", error, {}, together};
    }
    if (own == theirs) return Peer::trusted;
    return refuse("process " + number, "who holds this meeting is in another user namespace",
                  together);
}

}  // namespace caisson::join
