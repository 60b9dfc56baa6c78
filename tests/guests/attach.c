// SPDX-License-Identifier: Apache-2.0
//
// attach PID: tries to become the tracer of PID and to read its memory, in both ways there are.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <unistd.h>

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const pid_t pid = atoi(argv[1]);
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", pid);
    const int fd = open(path, O_RDWR);
    printf("open mem: %s\n", fd < 0 ? strerror(errno) : "allowed");
    const long attached = ptrace(PTRACE_SEIZE, pid, NULL, NULL);
    printf("ptrace: %s\n", attached < 0 ? strerror(errno) : "allowed");
    return fd >= 0 || attached >= 0 ? 0 : 1;
}
