// SPDX-License-Identifier: Apache-2.0
//
// memory_files ROUNDS: the median of ROUNDS, in microseconds, for a sealed file of 4 KiB that is
// made, handed over a socket and checked by its receiver, beside the bare system calls; and of a
// few rounds for 1 GiB filled from a file and sealed, beside a plain copy of it. The two of a pair
// take turns, so that both have the same machine.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "caisson/mem_file.h"

namespace {

using namespace caisson;

constexpr size_t small = 4096;
constexpr uint64_t large = uint64_t{1} << 30;
constexpr int every_seal = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

double now_us() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

[[noreturn]] void die(const std::string& what) {
    fprintf(stderr, "memory_files: %s\n", what.c_str());
    exit(1);
}

template <typename T>
T need(Result<T> result) {
    if (!result) die(result.error().text());
    return std::move(result).value();
}

void need(bool done, const char* what) {
    if (!done) die(what);
}

union Control {
    cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

// Hands a descriptor over a socket of this process's own, and gives the one that arrives.
int hand_over(const int (&sockets)[2], int fd) {
    char byte = 0;
    iovec data = {&byte, 1};
    Control control = {};
    msghdr message = {nullptr, 0, &data, 1, &control, sizeof control, 0};
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
    need(sendmsg(sockets[0], &message, 0) == 1, "sendmsg");
    need(recvmsg(sockets[1], &message, MSG_CMSG_CLOEXEC) == 1, "recvmsg");
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
    return fd;
}

void small_by_library(const int (&sockets)[2], const std::string& content) {
    MemFile file = need(MemFile::create("bench"));
    const Result<void> written = file.write(content);
    need(written.ok(), "write");
    const SealedFile sealed = need(std::move(file).seal());
    const SealedFile received = need(SealedFile::adopt(Fd(hand_over(sockets, sealed.fd()))));
    need(need(received.map()).bytes().size() == small, "size");
}

void small_by_calls(const int (&sockets)[2], const std::string& content) {
    const int fd = memfd_create("bench", MFD_CLOEXEC | MFD_ALLOW_SEALING | 0x8 /* NOEXEC_SEAL */);
    need(write(fd, content.data(), content.size()) == static_cast<ssize_t>(small), "write");
    need(fcntl(fd, F_ADD_SEALS, every_seal) == 0, "F_ADD_SEALS");
    const int received = hand_over(sockets, fd);
    need((fcntl(received, F_GET_SEALS) & every_seal) == every_seal, "F_GET_SEALS");
    void* mapping = mmap(nullptr, small, PROT_READ, MAP_SHARED, received, 0);
    need(mapping != MAP_FAILED, "mmap");
    munmap(mapping, small);
    close(received);
    close(fd);
}

void large_by_library(int from) {
    MemFile file = need(MemFile::create("bench"));
    need(need(file.write_from(from)) == large, "write_from");
    need(std::move(file).seal().ok(), "seal");
}

void large_by_copy(int from) {
    static char buffer[128 * 1024];  // cp(1)'s
    const Fd to(memfd_create("bench", MFD_CLOEXEC));
    for (;;) {
        const ssize_t got = read(from, buffer, sizeof buffer);
        if (got <= 0) break;
        need(write(to.get(), buffer, static_cast<size_t>(got)) == got, "write");
    }
}

// A source whose pages are all there, on whatever file system /tmp is.
Fd make_source() {
    Fd source(open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    need(static_cast<bool>(source), "O_TMPFILE in /tmp");
    const std::string block(1 << 20, 'x');
    for (uint64_t at = 0; at < large; at += block.size()) {
        need(write(source.get(), block.data(), block.size()) == static_cast<ssize_t>(block.size()),
             "write: is there a gigabyte in /tmp?");
    }
    return source;
}

template <typename Work>
void time_one(std::vector<double>& times, Work work) {
    const double begin = now_us();
    work();
    times.push_back(now_us() - begin);
}

void print_median(const char* name, std::vector<double>& times) {
    std::sort(times.begin(), times.end());
    printf("%s\t%.1f\n", name, times[times.size() / 2]);
}

void race_small(size_t rounds) {
    int sockets[2];
    need(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) == 0, "socketpair");
    const std::string content(small, 'x');
    std::vector<double> library;
    std::vector<double> calls;
    for (size_t i = 0; i < rounds; i++) {
        time_one(calls, [&] { small_by_calls(sockets, content); });
        time_one(library, [&] { small_by_library(sockets, content); });
    }
    print_median("bare calls", calls);
    print_median("sealed 4 KiB", library);
}

void race_large() {
    const Fd source = make_source();
    std::vector<double> library;
    std::vector<double> copies;
    for (int i = 0; i < 5; i++) {
        lseek(source.get(), 0, SEEK_SET);
        time_one(copies, [&] { large_by_copy(source.get()); });
        lseek(source.get(), 0, SEEK_SET);
        time_one(library, [&] { large_by_library(source.get()); });
    }
    print_median("copied 1 GiB", copies);
    print_median("filled 1 GiB", library);
}

}  // namespace

int main(int argc, char** argv) {
    const size_t rounds = argc > 1 ? strtoul(argv[1], nullptr, 10) : 200;
    if (rounds == 0) return 2;
    race_small(rounds);
    race_large();
    return fflush(stdout);
}
