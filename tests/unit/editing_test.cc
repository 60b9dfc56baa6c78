// SPDX-License-Identifier: Apache-2.0
//
// What a build daemon does to the list of phases, and what went wrong in such daemons before.
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "unit/sandbox.h"

namespace caisson {
namespace {

using Memory = step::Call::Memory;

class Editing : public Sandbox {};
INSTANTIATE_BOTH(Editing);

Phase call(const char* name, Side side, int (*function)(void*), void* argument = nullptr) {
    return {name, side, {{step::Call{name, function, argument, Memory::may_be_shared}}}};
}

// --- editing

int clear_write_bits(void*) {
    return chmod("/", 0555) < 0 ? -errno : 0;
}

TEST_P(Editing, APhaseAfterTheRootChangeClearsItsWriteBits) {
    run([] {
        const HostPrograms image;
        Plan plan = plan_for(image.spec(RootWrites::kept));
        ASSERT_TRUE(
            plan.insert_after("pivot", call("write-bits", Side::child, clear_write_bits)).ok());
        EXPECT_EQ(output_of(plan, shell("stat -c %a /")), "555\n");
        struct stat info {};
        ASSERT_EQ(stat(image.path().c_str(), &info), 0);
        EXPECT_EQ(info.st_mode & 0777, 0555U);
        EXPECT_EQ(info.st_uid, geteuid()) << "the root directory stays its maker's";
        chmod(image.path().c_str(), 0755);
    });
}

// A descriptor that was opened inside goes out over a socket, and the child waits for an answer.
struct Exchange {
    int child_end;
    int parent_end;
    int received;
};

int send_socket(void* argument) {
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    char control[CMSG_SPACE(sizeof fd)] = {};
    char byte = 'x';
    iovec data = {&byte, 1};
    msghdr message = {};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
    return sendmsg(static_cast<Exchange*>(argument)->child_end, &message, 0) < 0 ? -errno : 0;
}

int receive_socket(void* argument) {
    auto& exchange = *static_cast<Exchange*>(argument);
    char control[CMSG_SPACE(sizeof(int))] = {};
    char byte = 0;
    iovec data = {&byte, 1};
    msghdr message = {};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    if (recvmsg(exchange.parent_end, &message, MSG_CMSG_CLOEXEC) < 0) return -errno;
    memcpy(&exchange.received, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof exchange.received);
    return write(exchange.parent_end, "ready", 5) < 0 ? -errno : 0;
}

int wait_until_ready(void* argument) {
    char word[8] = {};
    if (read(static_cast<Exchange*>(argument)->child_end, word, sizeof word) < 0) return -errno;
    return strcmp(word, "ready") == 0 ? 0 : -EPROTO;
}

bool binds(const Fd& fd) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(40009);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

TEST_P(Editing, PhasesAfterLoopbackTalkToAHelperOutside) {
    run([] {
        int ends[2];
        ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
        Exchange exchange = {ends[0], ends[1], -1};
        Spec spec = basic_spec();
        spec.namespaces.net = true;
        Plan plan = plan_for(spec);
        const Phase sysctl = {
            "sysctl", Side::child, {{step::WriteFile{"/proc/sys/net/ipv4/ip_forward", "1"}}}};
        ASSERT_TRUE(plan.insert_after("loopback", sysctl).ok());
        ASSERT_TRUE(
            plan.insert_after("loopback", call("wait", Side::child, wait_until_ready, &exchange))
                .ok());
        ASSERT_TRUE(
            plan.insert_after("loopback", call("helper", Side::parent, receive_socket, &exchange))
                .ok());
        ASSERT_TRUE(
            plan.insert_after("loopback", call("tap", Side::child, send_socket, &exchange)).ok());
        EXPECT_EQ(output_of(plan, shell("cat /proc/sys/net/ipv4/ip_forward")), "1\n");
        const Fd inside(exchange.received);
        const Fd outside(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        EXPECT_TRUE(binds(inside)) << strerror(errno);
        EXPECT_TRUE(binds(outside)) << "the same port, in another network: " << strerror(errno);
    });
}

int map_back_to_root(void*) {
    return unshare(CLONE_NEWUSER) < 0 ? -errno : 0;
}

TEST_P(Editing, APhaseAfterTheLockMapsTheIdsBackToRoot) {
    run([] {
        Spec spec = basic_spec();
        spec.root = Root{"/", RootWrites::kept, {}};
        spec.lock_mounts = true;
        spec.uid = spec.namespaces.user ? std::optional<uint32_t>(1234) : std::nullopt;
        spec.gid = spec.uid;
        Plan plan = plan_for(spec);
        const std::string own = spec.uid ? "1234" : std::to_string(geteuid());
        Phase phase = call("remap", Side::child, map_back_to_root);
        phase.steps.push_back({step::WriteFile{"/proc/self/setgroups", "deny"}});
        phase.steps.push_back({step::WriteFile{"/proc/self/uid_map", "0 " + own + " 1"}});
        phase.steps.push_back({step::WriteFile{"/proc/self/gid_map", "0 " + own + " 1"}});
        ASSERT_TRUE(plan.insert_after("lock-mounts", phase).ok());
        EXPECT_EQ(output_of(plan, shell("id -u; id -g")), "0\n0\n");
    });
}

SeccompProgram refuse_unix_sockets() {
    return {{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAFNOSUPPORT),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    }};
}

int try_socket(void* result) {
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    *static_cast<int*>(result) = fd < 0 ? errno : 0;
    return 0;
}

// The helper itself: everything read-only and locked, ids mapped to 0, no way to a Unix socket.
TEST_P(Editing, TheHelpersOwnSandbox) {
    run([] {
        Spec spec = basic_spec();
        spec.namespaces = {true, true, true, false, true, true, false, false};
        spec.root = Root{"/", RootWrites::refused, {}};
        spec.mounts = {Proc{}, Tmpfs{"/tmp"}};
        spec.lock_mounts = true;
        spec.uid = 0;
        spec.gid = 0;
        spec.seccomp = refuse_unix_sockets();
        int* socket_error = shared_integers();
        Plan plan = plan_for(spec);
        Phase last = call("look", Side::child, try_socket, socket_error);
        ASSERT_TRUE(plan.append(last).ok());
        EXPECT_EQ(
            output_of(plan, shell("id -u; echo $$; touch /usr/x /etc/x 2>&1 | "
                                  "grep -c 'Read-only'; touch /tmp/x && echo written; "
                                  "umount /tmp 2>/dev/null || echo locked; "
                                  "mount -o remount,bind,rw /usr 2>/dev/null || echo locked")),
            "0\n2\n2\nwritten\nlocked\nlocked\n");
        EXPECT_EQ(*socket_error, EAFNOSUPPORT);
    });
}

// The daemon's own look before exec: a Call is the last word.
TEST_P(Editing, TheLastPhaseMayRefuseTheProgram) {
    run([] {
        const HostPrograms image;
        Plan plan = plan_for(image.spec(RootWrites::refused));
        const auto outside_the_store = [](void*) { return -EACCES; };
        ASSERT_TRUE(plan.append(call("in-store", Side::child, outside_the_store)).ok());
        EXPECT_EQ(failure_of(plan, shell("echo ran")),
                  "in-store: call \"in-store\": Permission denied");
    });
}

// --- defects that others had

// A mount that was there before, below what is bound.
void mount_below(const std::string& directory) {
    const bool user = geteuid() != 0;
    const uid_t uid = geteuid();
    const gid_t gid = getegid();
    ASSERT_EQ(unshare(CLONE_NEWNS | (user ? CLONE_NEWUSER : 0)), 0);
    const auto write_file = [](const char* path, const std::string& text) {
        std::ofstream(path) << text;
    };
    if (user) {
        write_file("/proc/self/setgroups", "deny");
        write_file("/proc/self/uid_map", "0 " + std::to_string(uid) + " 1");
        write_file("/proc/self/gid_map", "0 " + std::to_string(gid) + " 1");
    }
    ASSERT_EQ(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
    ASSERT_EQ(mount("tmpfs", directory.c_str(), "tmpfs", 0, nullptr), 0);
}

TEST_P(Editing, AReadOnlyBindIsReadOnlyToTheBottom) {
    run([] {
        const TemporaryDirectory directory;
        const std::string below = directory.directory("source/below");
        mount_below(below);
        const HostPrograms image;
        image.directory().directory("data");
        for (const bool has_trees : {true, false}) {
            for (const bool read_only : {true, false}) {
                Spec spec = image.spec(RootWrites::kept);
                spec.mounts.push_back(
                    Bind{directory.path() + "/source", "/data", {.read_only = read_only}});
                Plan plan = plan_for(spec);
                plan.kernel.mount_trees = has_trees;
                EXPECT_EQ(output_of(plan, shell("for f in /data/f /data/below/f; do "
                                                "(: > $f) 2>&- && echo written; done; true")),
                          read_only ? "" : "written\nwritten\n");
            }
        }
    });
}

TEST_P(Editing, AnImageIsReadOnlyToTheBottom) {
    run([] {
        const HostPrograms image;
        image.directory().directory("below");
        mount_below(image.path() + "/below");
        for (const bool has_trees : {true, false}) {
            Plan plan = plan_for(image.spec(RootWrites::refused));
            plan.kernel.mount_trees = has_trees;
            EXPECT_EQ(output_of(plan, shell("for f in /f /below/f; do (: > $f) 2>&- && echo "
                                            "written; done; true")),
                      "");
        }
    });
}

// EINVAL means “not a mount point” as well, so the lock is tried on one that surely is.
TEST_P(Editing, LockedMountsCannotBeUndone) {
    run([] {
        const HostPrograms image;
        image.directory().directory("data");
        image.directory().file("data/hidden", "from the image");
        for (const bool locked : {true, false}) {
            Spec spec = image.spec(RootWrites::kept);
            spec.mounts.push_back(Tmpfs{"/data"});
            spec.lock_mounts = locked;
            spec.uid = spec.namespaces.user ? std::optional<uint32_t>(0) : std::nullopt;
            EXPECT_EQ(output_of(spec, "umount /data 2>&-; cat /data/hidden 2>&-; true"),
                      locked ? "" : "from the image");
        }
    });
}

// Closing descriptors, the score and the locked mounts' maps need no /proc inside.
TEST_P(Editing, NothingNeedsProcInside) {
    run([] {
        const HostPrograms image;
        for (const bool has_close_range : {true, false}) {
            Spec spec = image.spec(RootWrites::refused);
            spec.oom_score_adjust = 500;
            spec.lock_mounts = true;
            Plan plan = plan_for(spec);
            plan.kernel.close_range = has_close_range;
            EXPECT_EQ(output_of(plan, shell("ls /proc 2>&-; echo ran")), "ran\n");
        }
    });
}

TEST_P(Editing, AReadOnlyImageNeedsNoDirectoryForTheOldRoot) {
    run([] {
        const HostPrograms image;
        ASSERT_EQ(chmod(image.path().c_str(), 0555), 0);
        for (const bool has_trees : {true, false}) {
            Plan plan = plan_for(image.spec(RootWrites::refused));
            plan.kernel.mount_trees = has_trees;
            EXPECT_EQ(output_of(plan, shell("cd /; ls -d *")),
                      output_of(plan, shell("ls / | cat")));
            EXPECT_EQ(output_of(plan, shell("test -e " + image.path() + " || echo gone")),
                      "gone\n");
        }
        chmod(image.path().c_str(), 0755);
    });
}

TEST_P(Editing, AppendComesBeforeExec) {
    run([] {
        int* number = shared_integers();
        const auto note = [](void* out) {
            *static_cast<int*>(out) = 1;
            return 0;
        };
        Plan plan = plan_for(basic_spec());
        ASSERT_TRUE(plan.append(call("last", Side::child, note, number)).ok());
        EXPECT_FALSE(launch(plan, program_from({"/no/such"}, {}, {})).ok());
        EXPECT_EQ(*number, 1);
    });
}

TEST_P(Editing, AFilterBeforeNoNewPrivilegesIsAnError) {
    if (GetParam() == Who::root) GTEST_SKIP() << "root may install a filter without";
    run([] {
        Spec spec;
        spec.seccomp = refuse_unix_sockets();
        spec.no_new_privileges = false;
        EXPECT_EQ(
            failure_of(plan_for(spec), shell("echo ran")),
            "seccomp: seccomp \"filter\": Permission denied (a filter needs no_new_privileges)");
    });
}

TEST_P(Editing, NoNewPrivilegesHolds) {
    run([] {
        for (const bool wanted : {true, false}) {
            Spec spec = basic_spec();
            spec.no_new_privileges = wanted;
            EXPECT_EQ(output_of(spec, "grep -o 'NoNewPrivs.*' /proc/self/status"),
                      wanted ? "NoNewPrivs:\t1\n" : "NoNewPrivs:\t0\n");
        }
    });
}

// A link in the image leads to where it would with the image as root, never to the host.
TEST_P(Editing, ALinkInTheImageRedirectsNoMount) {
    run([] {
        const TemporaryDirectory host;
        host.file("victim", "of the host");
        for (const bool has_openat2 : {true, false}) {
            const HostPrograms image;
            image.directory().link("escape", host.path());
            image.directory().link("up", "../../../../../.." + host.path());
            for (const char* to : {"/escape/victim", "/up/victim"}) {
                Spec spec = image.spec(RootWrites::kept);
                spec.mounts.push_back(Tmpfs{to});
                Plan plan = plan_for(spec);
                plan.kernel.openat2 = has_openat2;
                // Whether it is made inside or refused, the host's file stays what it is.
                (void)output_of(plan, shell("true"));
                EXPECT_EQ(host.read("victim"), "of the host");
            }
        }
    });
}

}  // namespace
}  // namespace caisson
