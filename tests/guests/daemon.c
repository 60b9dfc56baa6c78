// SPDX-License-Identifier: Apache-2.0
//
// daemon FILE: leaves a process behind as a daemon does, in a session of its own and deaf to every
// signal that can be ignored. FILE grows as long as it lives.
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const int fd = open(argv[1], O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (fd < 0 || write(fd, ".", 1) != 1) return 1;
    if (fork() != 0) return 0;
    setsid();
    if (fork() != 0) return 0;
    for (int number = 1; number < 65; number++)
        signal(number, SIG_IGN);
    for (int fds = 0; fds < 3; fds++)
        close(fds);
    while (write(fd, ".", 1) == 1)
        usleep(10 * 1000);
}
