// SPDX-License-Identifier: Apache-2.0
//
// peer-memory hold: has a secret, prints its own process id and the secret's address, and waits.
// peer-memory read PID ADDRESS: reads the secret of such a process, with process_vm_readv(2) and as
// its tracer.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static char secret[32];

_Noreturn static void hold(void) {
    strcpy(secret, "the secret of a peer");
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);  // where Yama restricts it to parents
    printf("%d %lu\n", getpid(), (unsigned long)secret);
    fflush(stdout);
    for (;;)
        pause();
}

static int read_it(pid_t pid, unsigned long address) {
    char copy[sizeof secret];
    const struct iovec local = {copy, sizeof copy};
    const struct iovec remote = {(void*)address, sizeof copy};
    if (process_vm_readv(pid, &local, 1, &remote, 1, 0) != sizeof copy) {
        perror("process_vm_readv");
        return 1;
    }
    printf("process_vm_readv: %s\n", copy);
    if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) < 0 || waitpid(pid, NULL, __WALL) != pid) {
        perror("ptrace");
        return 1;
    }
    memset(copy, 0, sizeof copy);
    for (size_t i = 0; i < sizeof copy; i += sizeof(long)) {
        errno = 0;
        const long word = ptrace(PTRACE_PEEKDATA, pid, address + i, NULL);
        if (errno != 0) return perror("ptrace"), 1;
        memcpy(copy + i, &word, sizeof word);
    }
    printf("ptrace: %s\n", copy);
    return ptrace(PTRACE_DETACH, pid, NULL, NULL) < 0;
}

int main(int argc, char** argv) {
    if (argc == 2 && strcmp(argv[1], "hold") == 0) hold();
    if (argc != 4 || strcmp(argv[1], "read") != 0) return 2;
    return read_it(atoi(argv[2]), strtoul(argv[3], NULL, 10));
}
