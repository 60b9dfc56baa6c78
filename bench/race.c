// SPDX-License-Identifier: Apache-2.0
// Times programs from start to exit against each other, interleaved: each round runs every
// contestant once, in a new order, so that drift of the machine meets all alike.
//
//   race [-n ROUNDS] [-u UID:GID] [-f FLOOR] [-s SECTION] [-t TSV] < contestants
//   race -j WORKERS -n RUNS ...   throughput: RUNS of each, as fast as WORKERS processes allow
//
// Standard input: a line for each contestant, its name and its argv separated by tabs. One that
// fails its warm-up is shown as n/a with its status and the first line of its standard error, one
// that fails later as n/a too, because its times would be those of something else. A word that ends
// in # gets the worker's number there, for those who want a unique name for each sandbox at a time.
// TSV columns: section, name, runs, median, p10, min (µs), minor faults, ratio to FLOOR, sandboxes
// per second, reason; a column that does not apply is empty.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { max_contestants = 32, warm_ups = 3, throughput_repeats = 3 };

struct contestant {
    char* name;
    char** argv;
    double* micros;
    double* faults;
    double per_second;
    char* worker_digit;  // within argv, or NULL
    char reason[224];    // why it cannot take part, or empty
};

struct race {
    long rounds, workers;
    const char *section, *floor, *tsv;
    struct contestant list[max_contestants];
    int count;
};

static void fail(const char* what) {
    fprintf(stderr, "race: %s: %s\n", what, strerror(errno));
    exit(2);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

// One start to exit. posix_spawn shares memory with the child, so that the size of this process
// does not count. Returns the wait status, or 127 << 8 where the program could not be started.
static int run_once(char** argv, int errors, double* micros, double* faults) {
    extern char** environ;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    if (errors >= 0)
        posix_spawn_file_actions_adddup2(&actions, errors, 2);
    else
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    struct rusage used = {0};
    int status = 127 << 8;
    pid_t pid;
    double start = now();
    errno = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
    if (errno == 0 && wait4(pid, &status, 0, &used) != pid) fail("wait4");
    *micros = now() - start;
    *faults = (double)used.ru_minflt;
    posix_spawn_file_actions_destroy(&actions);
    return status;
}

// ---- input
// ----------------------------------------------------------------------------------------

static void parse_line(struct contestant* c, char* line) {
    size_t words = 2;
    for (const char* s = line; *s != '\0'; s++)
        words += *s == '\t';
    c->argv = calloc(words, sizeof *c->argv);
    if (c->argv == NULL) fail("calloc");
    line[strcspn(line, "\n")] = '\0';
    c->name = strsep(&line, "\t");
    for (size_t i = 0; line != NULL; i++) {
        char* word = c->argv[i] = strsep(&line, "\t");
        size_t size = strlen(word);
        if (size > 0 && word[size - 1] == '#') {
            c->worker_digit = &word[size - 1];
            *c->worker_digit = '0';
        }
    }
    if (c->argv[0] == NULL) {
        fprintf(stderr, "race: no command for \"%s\"\n", c->name);
        exit(2);
    }
}

static void read_contestants(struct race* race) {
    char* line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        if (race->count == max_contestants) fail("too many contestants");
        struct contestant* c = &race->list[race->count++];
        parse_line(c, line);
        c->micros = calloc((size_t)race->rounds, sizeof *c->micros);
        c->faults = calloc((size_t)race->rounds, sizeof *c->faults);
        if (c->micros == NULL || c->faults == NULL) fail("calloc");
        line = NULL;  // argv points into it
    }
}

// An ordinary user has no group of root's either: supplementary groups first, uid last.
static void become_user(const char* ids) {
    unsigned uid, gid;
    if (sscanf(ids, "%u:%u", &uid, &gid) != 2) {
        fprintf(stderr, "race: -u wants UID:GID\n");
        exit(2);
    }
    if (setgroups(0, NULL) != 0) fail("setgroups");
    if (setresgid(gid, gid, gid) != 0) fail("setresgid");
    if (setresuid(uid, uid, uid) != 0) fail("setresuid");
}

// ---- running
// --------------------------------------------------------------------------------------

static void explain(struct contestant* c, int status, int errors) {
    char text[200];
    ssize_t got = pread(errors, text, sizeof text - 1, 0);
    text[got > 0 ? got : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    for (char* s = text; *s != '\0'; s++)
        if (*s == '\t') *s = ' ';
    if (WIFSIGNALED(status))
        snprintf(c->reason, sizeof c->reason, "signal %d: %s", WTERMSIG(status), text);
    else
        snprintf(c->reason, sizeof c->reason, "exit %d: %s", WEXITSTATUS(status), text);
}

static void warm_up(struct contestant* c) {
    int errors = memfd_create("errors", MFD_CLOEXEC);
    if (errors < 0) fail("memfd_create");
    double micros, faults;
    for (int i = 0; i < warm_ups && c->reason[0] == '\0'; i++) {
        int status = run_once(c->argv, errors, &micros, &faults);
        if (status != 0) explain(c, status, errors);
    }
    close(errors);
}

static void explain_late(struct contestant* c, int status) {
    snprintf(c->reason, sizeof c->reason, "wait status 0x%x after its warm-up succeeded",
             (unsigned)status);
}

static void shuffle(int* order, int count) {
    for (int i = count - 1; i > 0; i--) {
        int j = (int)(random() % (i + 1)), kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}

static void interleaved(struct race* race) {
    int order[max_contestants];
    for (int i = 0; i < race->count; i++)
        order[i] = i;
    for (long round = 0; round < race->rounds; round++) {
        shuffle(order, race->count);
        for (int i = 0; i < race->count; i++) {
            struct contestant* c = &race->list[order[i]];
            if (c->reason[0] != '\0') continue;
            int status = run_once(c->argv, -1, &c->micros[round], &c->faults[round]);
            if (status != 0) explain_late(c, status);
        }
    }
}

static void work(const struct race* race, struct contestant* c, long worker) {
    if (c->worker_digit != NULL) *c->worker_digit = (char)('0' + worker);
    for (long i = worker; i < race->rounds; i += race->workers) {
        double micros, faults;
        if (run_once(c->argv, -1, &micros, &faults) != 0) _exit(1);
    }
    _exit(0);
}

// All workers of one contestant start together; the clock stops when the last has ended.
static double throughput(const struct race* race, struct contestant* c) {
    double start = now();
    for (long w = 0; w < race->workers; w++) {
        pid_t pid = fork();
        if (pid < 0) fail("fork");
        if (pid == 0) work(race, c, w);
    }
    for (int status; wait(&status) > 0;)
        if (status != 0) explain_late(c, status);
    return (double)race->rounds / ((now() - start) / 1e6);
}

static void throughputs(struct race* race) {
    for (int repeat = 0; repeat < throughput_repeats; repeat++)
        for (int i = 0; i < race->count; i++) {
            struct contestant* c = &race->list[i];
            if (c->reason[0] != '\0') continue;
            double rate = throughput(race, c);
            if (rate > c->per_second) c->per_second = rate;
        }
}

// ---- output
// ---------------------------------------------------------------------------------------

static int ascending(const void* a, const void* b) {
    double x = *(const double*)a, y = *(const double*)b;
    return (x > y) - (x < y);
}

static void sort_all(struct race* race) {
    for (int i = 0; i < race->count; i++) {
        qsort(race->list[i].micros, (size_t)race->rounds, sizeof(double), ascending);
        qsort(race->list[i].faults, (size_t)race->rounds, sizeof(double), ascending);
    }
}

static double floor_of(const struct race* race) {
    for (int i = 0; i < race->count; i++) {
        const struct contestant* c = &race->list[i];
        if (race->floor == NULL || strcmp(c->name, race->floor) != 0 || c->reason[0] != '\0')
            continue;
        return race->workers > 0 ? c->per_second : c->micros[race->rounds / 2];
    }
    return 0;
}

static void print_table(const struct race* race) {
    double floor = floor_of(race);
    printf("%s\n", race->section);
    if (race->workers > 0)
        printf("  %-26s %12s %8s\n", "", "sandboxes/s", "x floor");
    else
        printf("  %-26s %10s %10s %10s %8s %8s\n", "", "median µs", "p10 µs", "min µs", "x floor",
               "faults");
    for (int i = 0; i < race->count; i++) {
        const struct contestant* c = &race->list[i];
        const double* t = c->micros;
        if (c->reason[0] != '\0')
            printf("  %-26s n/a: %s\n", c->name, c->reason);
        else if (race->workers > 0)
            printf("  %-26s %12.0f %8.2f\n", c->name, c->per_second,
                   floor > 0 ? c->per_second / floor : 0);
        else
            printf("  %-26s %10.0f %10.0f %10.0f %8.2f %8.0f\n", c->name, t[race->rounds / 2],
                   t[race->rounds / 10], t[0], floor > 0 ? t[race->rounds / 2] / floor : 0,
                   c->faults[race->rounds / 2]);
    }
}

static void append_tsv(const struct race* race, FILE* out) {
    double floor = floor_of(race);
    for (int i = 0; i < race->count; i++) {
        const struct contestant* c = &race->list[i];
        const double* t = c->micros;
        fprintf(out, "%s\t%s\t%ld\t", race->section, c->name, race->rounds);
        if (c->reason[0] != '\0')
            fprintf(out, "\t\t\t\t\t\t%s\n", c->reason);
        else if (race->workers > 0)
            fprintf(out, "\t\t\t\t%.3f\t%.1f\t\n", floor > 0 ? c->per_second / floor : 0,
                    c->per_second);
        else
            fprintf(out, "%.1f\t%.1f\t%.1f\t%.0f\t%.3f\t\t\n", t[race->rounds / 2],
                    t[race->rounds / 10], t[0], c->faults[race->rounds / 2],
                    floor > 0 ? t[race->rounds / 2] / floor : 0);
    }
}

// ---- start
// ----------------------------------------------------------------------------------------

static const char* parse_options(struct race* race, int argc, char** argv) {
    const char* user = NULL;
    for (int option; (option = getopt(argc, argv, "n:u:f:s:t:j:")) != -1;) {
        switch (option) {
            case 'n':
                race->rounds = atol(optarg);
                break;
            case 'u':
                user = optarg;
                break;
            case 'f':
                race->floor = optarg;
                break;
            case 's':
                race->section = optarg;
                break;
            case 't':
                race->tsv = optarg;
                break;
            case 'j':
                race->workers = atol(optarg);
                break;
            default:
                exit(2);
        }
    }
    if (race->rounds < 1) {
        fprintf(stderr, "race: -n wants a number above 0\n");
        exit(2);
    }
    return user;
}

int main(int argc, char** argv) {
    static struct race race = {.rounds = 200, .section = "race"};
    const char* user = parse_options(&race, argc, argv);
    read_contestants(&race);
    FILE* out = race.tsv != NULL ? fopen(race.tsv, "ae") : NULL;  // while this is still root
    if (race.tsv != NULL && out == NULL) fail(race.tsv);
    if (user != NULL) become_user(user);
    for (int i = 0; i < race.count; i++)
        warm_up(&race.list[i]);
    if (race.workers > 0)
        throughputs(&race);
    else
        interleaved(&race);
    sort_all(&race);
    print_table(&race);
    if (out != NULL) append_tsv(&race, out);
    return 0;
}
