// SPDX-License-Identifier: Apache-2.0
//
// A sealed memory file, handed to another process in the five ways that Linux has. Each receiver
// checks the seals before it reads: what it has read then cannot change, whoever made it.
//
//   memory-file            shows all five
//   memory-file FD         is what one of them executes: reads what it inherited
#include <caisson/mem_file.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

using namespace caisson;

namespace {

int fail(const Error& error) {
    fprintf(stderr, "memory-file: %s\n", error.text().c_str());
    return 1;
}

int fail(const char* what) {
    perror(what);
    return 1;
}

// What every receiver does: no seals, no trust.
int receive(const char* way, Fd fd) {
    const Result<SealedFile> file = SealedFile::adopt(std::move(fd));
    if (!file) return fail(file.error());
    const Result<Mapping> mapping = file.value().map();
    if (!mapping) return fail(mapping.error());
    const auto bytes = mapping.value().bytes();
    printf("%s: \"%.*s\", sealed: %s\n", way, static_cast<int>(bytes.size()),
           reinterpret_cast<const char*>(bytes.data()), names_of(file.value().seals()).c_str());
    return fflush(stdout);
}

// Runs the receiver's half in a process of its own; its exit status comes back.
int in_other_process(const std::function<int()>& receiver) {
    const pid_t child = fork();
    if (child < 0) return fail("fork");
    if (child == 0) _exit(receiver());
    int status = 0;
    if (waitpid(child, &status, 0) < 0) return fail("waitpid");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

// ---- 1: over a unix socket, to any process that listens

union Control {
    cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

int send(int sock, int fd) {
    char byte = 0;
    iovec data = {&byte, 1};
    Control control = {};
    msghdr message = {nullptr, 0, &data, 1, &control, sizeof control, 0};
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
    return sendmsg(sock, &message, 0) == 1 ? 0 : fail("sendmsg");
}

Fd take(int sock) {
    char byte = 0;
    iovec data = {&byte, 1};
    Control control = {};
    msghdr message = {nullptr, 0, &data, 1, &control, sizeof control, 0};
    const cmsghdr* header = nullptr;
    if (recvmsg(sock, &message, MSG_CMSG_CLOEXEC) == 1) header = CMSG_FIRSTHDR(&message);
    int fd = -1;
    if (header && header->cmsg_type == SCM_RIGHTS) memcpy(&fd, CMSG_DATA(header), sizeof fd);
    return Fd(fd);
}

int over_socket(const SealedFile& file) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) return fail("socketpair");
    const Fd ours(ends[0]);
    const Fd theirs(ends[1]);
    if (send(ours.get(), file.fd()) != 0) return 1;
    return in_other_process([&] { return receive("socket", take(theirs.get())); });
}

// ---- 2: by fork, to a child, which has it already

int by_fork(const SealedFile& file) {
    return in_other_process([&] { return receive("fork", Fd(file.fd())); });
}

// ---- 3: by its path in /proc, to a process of the same user

int by_path(const SealedFile& file) {
    const std::string path =
        "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(file.fd());
    return in_other_process(
        [&] { return receive("path", Fd(open(path.c_str(), O_RDONLY | O_CLOEXEC))); });
}

// ---- 4: by exec, to another program, which has to be told the number

int by_exec(const SealedFile& file) {
    return in_other_process([&] {
        const int kept = dup(file.fd());  // not close-on-exec, unlike the one that it is made from
        if (kept < 0) return fail("dup");
        execl("/proc/self/exe", "memory-file", std::to_string(kept).c_str(), nullptr);
        return fail("execl");
    });
}

// ---- 5: by pidfd_getfd(2), to a process that may trace ours

int by_pidfd(const SealedFile& file) {
    const pid_t owner = getpid();
    // Where Yama lets a process trace only its descendants (ptrace_scope 1); EINVAL without Yama.
    (void)prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
    return in_other_process([&] {
        const Fd process(static_cast<int>(syscall(SYS_pidfd_open, owner, 0)));
        if (!process) return fail("pidfd_open");
        Fd fd(static_cast<int>(syscall(SYS_pidfd_getfd, process.get(), file.fd(), 0)));
        if (!fd) return fail("pidfd_getfd");
        return receive("pidfd", std::move(fd));
    });
}

Result<SealedFile> make() {
    Result<MemFile> file = MemFile::create("example");
    if (!file) return file.error();
    const Result<void> written = file.value().write("content");
    if (!written) return written.error();
    return std::move(file).value().seal();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 1) return receive("exec", Fd(atoi(argv[1])));
    const Result<SealedFile> file = make();
    if (!file) return fail(file.error());
    int failed = 0;
    for (const auto way : {over_socket, by_fork, by_path, by_exec, by_pidfd})
        failed |= way(file.value());
    return failed;
}
