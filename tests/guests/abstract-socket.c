// SPDX-License-Identifier: Apache-2.0
//
// abstract-socket listen|hold|connect NAME: on the unix socket of that abstract name, which belongs
// to a net namespace and to no file system. listen answers callers and says "ready" first; hold is
// the same with packets, whose names are others than those of streams.
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(argv[2]) > 100) return 2;
    memcpy(address.sun_path + 1, argv[2], strlen(argv[2]));
    const socklen_t size = offsetof(struct sockaddr_un, sun_path) + 1 + strlen(argv[2]);
    const int fd = socket(AF_UNIX, argv[1][0] == 'h' ? SOCK_SEQPACKET : SOCK_STREAM, 0);
    if (strcmp(argv[1], "connect") == 0) {
        if (connect(fd, (struct sockaddr*)&address, size) == 0) return puts("connected") < 0;
        perror("connect");
        return 1;
    }
    if (bind(fd, (struct sockaddr*)&address, size) < 0 || listen(fd, 8) < 0) {
        perror("listen");
        return 1;
    }
    puts("ready");
    fflush(stdout);
    for (;;)
        close(accept(fd, NULL, NULL));
}
