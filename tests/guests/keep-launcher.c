// SPDX-License-Identifier: Apache-2.0
//
// keep-launcher SOCKET PATH: opens PATH, which leads to the launcher (/proc/1/exe), and hands the
// descriptor to whoever listens at SOCKET. keep-launcher SOCKET: is who listens; takes the
// descriptor and, once a line comes on standard input, says what writing through it comes to. Only
// then is nobody executing the launcher, which is what the kernel would refuse writing for.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

union control {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int))];
};

static int die(const char* what) {
    perror(what);
    return 1;
}

static int hand_over(int sock, const struct sockaddr_un* address, const char* path) {
    const int file = open(path, O_RDONLY);
    if (file < 0) return die("open");
    if (open(path, O_WRONLY) >= 0) puts("writable at once");
    if (connect(sock, (const struct sockaddr*)address, sizeof *address) != 0) return die("connect");
    char byte = 'x';
    struct iovec data = {&byte, 1};
    union control control = {0};
    struct msghdr message = {.msg_iov = &data,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    struct cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &file, sizeof file);
    if (sendmsg(sock, &message, 0) != 1) return die("sendmsg");
    puts("kept");
    return 0;
}

static int receive(int sock, const struct sockaddr_un* address) {
    if (bind(sock, (const struct sockaddr*)address, sizeof *address) != 0) return die("bind");
    if (listen(sock, 1) != 0) return die("listen");
    const int connection = accept(sock, NULL, NULL);
    char byte;
    struct iovec data = {&byte, 1};
    union control control = {0};
    struct msghdr message = {.msg_iov = &data,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    if (recvmsg(connection, &message, 0) != 1) return die("recvmsg");
    int file;
    memcpy(&file, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof file);
    if (read(STDIN_FILENO, &byte, 1) < 0) return die("read");
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    const int writer = open(path, O_WRONLY);
    if (writer < 0) return printf("open: %s\n", strerror(errno)) < 0;
    printf("written: %zd\n", pwrite(writer, "evil", 4, 0));
    return 0;
}

int main(int argc, char** argv) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (argc < 2) return 2;
    snprintf(address.sun_path, sizeof address.sun_path, "%s", argv[1]);
    const int sock = socket(AF_UNIX, SOCK_STREAM, 0);
    if (sock < 0) return die("socket");
    return argc > 2 ? hand_over(sock, &address, argv[2]) : receive(sock, &address);
}
