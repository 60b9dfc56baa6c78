// SPDX-License-Identifier: Apache-2.0
#include "join/order.h"

#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <algorithm>

namespace caisson::join {
namespace {

ino_t inode_of(int fd) {
    struct stat data = {};
    return fstat(fd, &data) == 0 ? data.st_ino : 0;
}

// ioctl_nsfs(2). 0 where the caller may not know, which is its own user namespace or one outside.
ino_t owner_of(int fd) {
    const Fd owner(ioctl(fd, NS_GET_USERNS));
    return owner ? inode_of(owner.get()) : 0;
}

// From the outermost, which is a child of this process's own, to the one that is given.
std::vector<int> user_namespaces_to(int innermost, std::vector<Fd>& held) {
    struct stat own = {};
    stat("/proc/self/ns/user", &own);
    std::vector<int> chain = {innermost};
    for (;;) {
        Fd parent(ioctl(chain.back(), NS_GET_PARENT));
        if (!parent || inode_of(parent.get()) == own.st_ino) break;
        chain.push_back(parent.get());
        held.push_back(std::move(parent));
    }
    std::reverse(chain.begin(), chain.end());
    return chain;
}

}  // namespace

std::vector<NamespaceHandle> in_order(const std::vector<NamespaceHandle>& namespaces,
                                      std::vector<Fd>& held) {
    std::vector<NamespaceHandle> ordered;
    if (namespaces.empty() || namespaces.front().kind != CLONE_NEWUSER) return namespaces;
    struct Other {
        NamespaceHandle handle;
        ino_t owner;
        bool placed = false;
    };
    std::vector<Other> others;
    for (size_t i = 1; i < namespaces.size(); i++)
        others.push_back({namespaces[i], owner_of(namespaces[i].fd)});
    for (const int user : user_namespaces_to(namespaces.front().fd, held)) {
        ordered.push_back({CLONE_NEWUSER, user});
        for (Other& other : others) {
            if (other.placed || other.owner != inode_of(user)) continue;
            ordered.push_back(other.handle);
            other.placed = true;
        }
    }
    // What root has made without a user namespace of its own, before the privilege for it is gone.
    size_t first = 0;
    for (const Other& other : others) {
        if (other.placed) continue;
        ordered.insert(ordered.begin() + static_cast<ptrdiff_t>(first++), other.handle);
    }
    return ordered;
}

}  // namespace caisson::join
