// SPDX-License-Identifier: Apache-2.0
//
// Steps about a sandbox that several processes share. Runs in the child.
#include <string.h>
#include <sys/socket.h>

#include "child/offer.h"
#include "child/steps.h"

namespace caisson::child {
namespace {

const char* name_of(uint64_t kind) {
    for (const NamespaceFile& file : namespace_files) {
        if (file.kind == kind) return file.name;
    }
    return "namespace";
}

Outcome send(int socket, const Offer& offer, const int* fds, size_t count) {
    alignas(cmsghdr) char control[CMSG_SPACE((max_namespaces + 1) * sizeof(int))] = {};
    iovec data = {const_cast<Offer*>(&offer), sizeof offer};
    msghdr message = {};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(count * sizeof(int));
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(header), fds, count * sizeof(int));
    return outcome_of(sys::sendmsg(socket, message, MSG_NOSIGNAL), "sendmsg", "namespaces");
}

}  // namespace

Outcome run(const step::JoinNamespaces& step, Progress& progress) {
    for (const NamespaceHandle& one : step.namespaces) {
        const int error = sys::setns(one.fd, one.kind);
        if (error < 0) return outcome_of(error, "setns", name_of(one.kind));
    }
    // A plan may leave the caller's descriptors open, and these lead to the host's side.
    for (const NamespaceHandle& one : step.namespaces)
        sys::close(one.fd);
    progress.root = sys::openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY);
    return outcome_of(progress.root, "open", "/");
}

Outcome run(const step::OfferNamespaces& step, Progress& progress) {
    Offer offer;
    offer.kinds = step.kinds;
    offer.pid = sys::getpid();
    int fds[max_namespaces + 1];
    size_t count = 0;
    if (progress.start.plan->kernel.pidfd) {
        fds[count] = progress.opened.keep_for_now(sys::pidfd_open(offer.pid));
        if (fds[count] < 0) return outcome_of(fds[count], "pidfd_open", "self");
        offer.has_pidfd = true;
        count++;
    }
    for (const NamespaceFile& file : namespace_files) {
        if ((step.kinds & file.kind) == 0) continue;
        fds[count] =
            progress.opened.keep_for_now(sys::openat(progress.proc_self, file.name, O_RDONLY));
        if (fds[count] < 0) return outcome_of(fds[count], "open", file.name);
        count++;
    }
    const Outcome sent = send(step.socket, offer, fds, count);
    if (!sent.failed()) sys::close(step.socket);
    return sent;
}

}  // namespace caisson::child
