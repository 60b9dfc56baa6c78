// SPDX-License-Identifier: Apache-2.0
// without-calls NAME[,NAME...] [--] CMD [ARG...]: runs CMD on a kernel that seems to lack the
// system calls named: a seccomp filter answers ENOSYS, as an older kernel does. A call may be given
// by its number. Sets no_new_privs only where the caller could not install a filter without it, so
// that under root set-uid helpers go on working.
#define _GNU_SOURCE
#include <asm/unistd.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { max_calls = 32, nr_open_tree_attr = 467 };

static const struct {
    const char* name;
    int number;
} known[] = {{"open_tree", __NR_open_tree},
             {"move_mount", __NR_move_mount},
             {"fsopen", __NR_fsopen},
             {"fsconfig", __NR_fsconfig},
             {"fsmount", __NR_fsmount},
             {"mount_setattr", __NR_mount_setattr},
             {"open_tree_attr", nr_open_tree_attr},
             {"openat2", __NR_openat2},
             {"close_range", __NR_close_range},
             {"clone3", __NR_clone3},
             {"pidfd_open", __NR_pidfd_open},
             {"pidfd_send_signal", __NR_pidfd_send_signal}};

static void fail(const char* what, const char* subject) {
    fprintf(stderr, "without-calls: %s \"%s\": %s\n", what, subject, strerror(errno));
    exit(125);
}

static int number_of(const char* name) {
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].name, name) == 0) return known[i].number;
    }
    char* end;
    long number = strtol(name, &end, 10);
    errno = EINVAL;
    if (*name == '\0' || *end != '\0') fail("call", name);
    return (int)number;
}

// One comparison for each call, then "allow", then "ENOSYS".
static unsigned short write_filter(struct sock_filter* code, const int* numbers, int count) {
    unsigned short size = 0;
    code[size++] =
        (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int i = 0; i < count; i++) {
        unsigned char to_refusal = (unsigned char)(count - i);
        code[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)numbers[i],
                                                    to_refusal, 0);
    }
    code[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    code[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
    return size;
}

static void install(struct sock_filter* code, unsigned short size) {
    struct sock_fprog program = {size, code};
    if (syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0) return;
    if (errno != EACCES) fail("seccomp", "filter");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("prctl", "PR_SET_NO_NEW_PRIVS");
    if (syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) fail("seccomp", "filter");
}

int main(int argc, char** argv) {
    char** command = argv + 2;
    if (argc > 2 && strcmp(*command, "--") == 0) command++;
    if (argc < 3 || *command == NULL) {
        fputs("usage: without-calls NAME[,NAME...] [--] CMD [ARG...]\n", stderr);
        return 125;
    }
    int numbers[max_calls];
    int count = 0;
    for (char* name = strtok(argv[1], ","); name != NULL; name = strtok(NULL, ",")) {
        errno = E2BIG;
        if (count == max_calls) fail("calls", name);
        numbers[count++] = number_of(name);
    }
    struct sock_filter code[max_calls + 3];
    install(code, write_filter(code, numbers, count));
    execvp(*command, command);
    fail("execvp", *command);
}
