// SPDX-License-Identifier: Apache-2.0
//
// leftovers COMMAND…: runs COMMAND and ends as it does, or with 1 where a descendant of it is still
// there two seconds later. As a subreaper this process becomes the parent of all orphans, so none
// can hide; they are named and killed.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t start(char** command) {
    const pid_t pid = fork();
    if (pid != 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execvp(command[0], command);
    perror(command[0]);
    _exit(125);
}

// Reaps until `pid` has ended.
static int status_of(pid_t pid) {
    for (;;) {
        int status = 0;
        const pid_t ended = waitpid(-1, &status, 0);
        if (ended == pid) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        if (ended < 0 && errno != EINTR) return 125;
    }
}

static int none_after(int tenths) {
    const struct timespec tenth = {0, 100 * 1000 * 1000};
    while (tenths-- > 0) {
        pid_t ended;
        while ((ended = waitpid(-1, NULL, WNOHANG)) > 0) {
        }
        if (ended < 0) return 1;
        nanosleep(&tenth, NULL);
    }
    return 0;
}

// Each pass kills the children there are; theirs become ours.
static void name_and_kill(void) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    FILE* children = fopen(path, "re");
    int pid;
    while (children && fscanf(children, "%d", &pid) == 1) {
        char show[128];
        snprintf(show, sizeof show, "tr '\\0' ' ' </proc/%d/cmdline >&2; echo >&2", pid);
        fprintf(stderr, "FAILED: process %d is left behind: ", pid);
        (void)!system(show);
        kill(pid, SIGKILL);
    }
    if (children) fclose(children);
}

int main(int argc, char** argv) {
    if (argc < 2 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0) return 125;
    const int status = status_of(start(argv + 1));
    if (none_after(20)) return status;
    do {
        name_and_kill();
    } while (!none_after(5));
    return 1;
}
