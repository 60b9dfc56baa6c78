// SPDX-License-Identifier: Apache-2.0
//
// start-peers [-k KILLED] [-w WITHIN_MS] [-s SEED] N COMMAND…: what mpirun does on one node. Runs
// COMMAND N times at once, with the variables of MPICH's launcher; -k kills so many of them, chosen
// by chance, at moments within WITHIN_MS (by default 20) of the start. Ends with 0 if all that were
// not killed ended with 0, and says on standard error how many did not and how long the slowest
// took.
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { most = 1000 };
static pid_t peers[most];
static bool killed[most];

static double now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void sleep_ms(double time) {
    const struct timespec pause = {0, (long)(time * 1e6)};
    nanosleep(&pause, NULL);
}

// All wait for the end of one pipe, which comes for all at once.
static pid_t start(int rank, int count, const int gate[2], char** command) {
    const pid_t pid = fork();
    if (pid != 0) return pid;
    char number[16];
    snprintf(number, sizeof number, "%d", count);
    setenv("MPI_LOCALNRANKS", number, 1);
    snprintf(number, sizeof number, "%d", rank);
    setenv("MPI_LOCALRANKID", number, 1);
    close(gate[1]);
    char none;
    (void)!read(gate[0], &none, 1);
    close(gate[0]);
    execvp(command[0], command);
    perror(command[0]);
    _exit(125);
}

static void kill_some(int kills, int count, double within_ms) {
    for (int i = 0; i < kills; i++) {
        sleep_ms(within_ms / kills * (rand() % 1000) / 500);
        int victim = rand() % count;
        while (killed[victim])
            victim = (victim + 1) % count;
        killed[victim] = true;
        kill(peers[victim], SIGKILL);
    }
}

static int rank_of(pid_t pid, int count) {
    for (int i = 0; i < count; i++) {
        if (peers[i] == pid) return i;
    }
    return -1;
}

// How many failed.
static int wait_for_all(int count) {
    int failures = 0;
    for (int left = count; left > 0;) {
        int status = 0;
        const pid_t pid = wait(&status);
        if (pid < 0 && errno == ECHILD) return failures + left;
        const int rank = rank_of(pid, count);
        if (rank < 0) continue;
        left--;
        if (killed[rank] || status == 0) continue;
        fprintf(stderr, "peer %d: status 0x%x\n", rank, (unsigned)status);
        failures++;
    }
    return failures;
}

int main(int argc, char** argv) {
    int kills = 0;
    double within_ms = 20;
    for (int option; (option = getopt(argc, argv, "+k:w:s:")) != -1;) {
        if (option == 'k') kills = atoi(optarg);
        if (option == 'w') within_ms = atof(optarg);
        if (option == 's') srand((unsigned)atoi(optarg));
        if (option == '?') return 2;
    }
    const int count = optind < argc ? atoi(argv[optind]) : 0;
    int gate[2];
    if (count < 1 || count > most || kills > count || optind + 1 >= argc || pipe(gate) < 0)
        return 2;
    for (int i = 0; i < count; i++)
        peers[i] = start(i, count, gate, argv + optind + 1);
    close(gate[0]);
    sleep_ms(50);  // so that they have come to the gate
    const double begin = now_ms();
    close(gate[1]);
    kill_some(kills, count, within_ms);
    const int failures = wait_for_all(count);
    fprintf(stderr, "%d peers, %d killed, %d failed, %.0f ms\n", count, kills, failures,
            now_ms() - begin);
    return failures != 0;
}
