// SPDX-License-Identifier: Apache-2.0
// kill-launchers [-s SEED] [-n RUNS] [-w DIRECTORY] NAME -- CMD...
//
// Starts CMD and kills it with SIGKILL at a moment between its start and 6 ms later, RUNS times.
// This process is the subreaper of all that CMD starts (PR_SET_CHILD_SUBREAPER): what outlives CMD
// becomes its child, so that wait(2) alone tells whether something is left, in whatever namespaces
// it is. Mounts and files below DIRECTORY are compared at the end.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "left_behind.h"

enum { span_us = 6000, leftover_ms = 2000 };

struct campaign {
    const char* name;
    char** command;
    const char* directory;
    unsigned seed;
    int runs, killed, ended_first, orphans, failures;
};

static void die(const char* what) {
    fprintf(stderr, "kill-launchers: %s: %s\n", what, strerror(errno));
    exit(2);
}

static long now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static pid_t start(char** command) {
    extern char** environ;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    pid_t pid;
    errno = posix_spawn(&pid, command[0], &actions, NULL, command, environ);
    if (errno != 0) die(command[0]);
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

// What is left after the launcher's death has `leftover_ms` to end. Returns the number of those
// that did not, which are then killed.
static int wait_for_orphans(struct campaign* campaign) {
    const long deadline = now_us() + leftover_ms * 1000L;
    for (;;) {
        pid_t ended = waitpid(-1, NULL, WNOHANG | __WALL);
        if (ended < 0 && errno == ECHILD) return 0;
        if (ended > 0) campaign->orphans++;
        if (ended == 0 && now_us() > deadline) break;
        if (ended == 0) usleep(100);
    }
    char path[64], text[8192] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    FILE* file = fopen(path, "r");
    if (file == NULL || fgets(text, sizeof text, file) == NULL) text[0] = '\0';
    if (file != NULL) fclose(file);
    int left = 0;
    char* rest = NULL;
    for (char* word = strtok_r(text, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        kill(atoi(word), SIGKILL);
        left++;
    }
    while (waitpid(-1, NULL, __WALL) > 0) {
    }
    return left == 0 ? 1 : left;
}

static void kill_once(struct campaign* campaign) {
    const long moment = rand_r(&campaign->seed) % span_us;
    const long begin = now_us();
    pid_t pid = start(campaign->command);
    while (now_us() - begin < moment) {
    }
    kill(pid, SIGKILL);
    int status = 0;
    if (waitpid(pid, &status, 0) != pid) die("waitpid");
    const int was_killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    *(was_killed ? &campaign->killed : &campaign->ended_first) += 1;
    if (!was_killed) {
        printf("%s: FAILED: ended by itself with 0x%x\n", campaign->name, (unsigned)status);
        campaign->failures++;
    }
    const int left = wait_for_orphans(campaign);
    if (left == 0) return;
    printf("%s: FAILED: killed after %ld us: %d processes are left\n", campaign->name, moment,
           left);
    campaign->failures++;
}

int main(int argc, char** argv) {
    static struct campaign campaign = {.directory = ".", .seed = 20250601, .runs = 500};
    int option;
    while ((option = getopt(argc, argv, "+s:n:w:")) != -1) {
        if (option == 's') campaign.seed = (unsigned)strtoul(optarg, NULL, 10);
        if (option == 'n') campaign.runs = atoi(optarg);
        if (option == 'w') campaign.directory = optarg;
    }
    if (argc - optind < 2) {
        fputs("usage: kill-launchers [-s SEED] [-n RUNS] [-w DIRECTORY] NAME -- CMD...\n", stderr);
        return 2;
    }
    campaign.name = argv[optind];
    campaign.command = argv + optind + 1;
    if (strcmp(campaign.command[0], "--") == 0) campaign.command++;
    const unsigned seed = campaign.seed;
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) die("PR_SET_CHILD_SUBREAPER");
    const unsigned long files = sum_of_files(campaign.directory);
    const unsigned long mounts = sum_of_mounts();
    for (int i = 0; i < campaign.runs; i++)
        kill_once(&campaign);
    if (sum_of_files(campaign.directory) != files || sum_of_mounts() != mounts) {
        printf("%s: FAILED: files or mounts are left\n", campaign.name);
        campaign.failures++;
    }
    printf(
        "%s: %d launchers killed, %d processes outlived them for a moment, %d failed (seed %u)\n",
        campaign.name, campaign.killed, campaign.orphans, campaign.failures, seed);
    return campaign.failures == 0 ? 0 : 1;
}
