// SPDX-License-Identifier: Apache-2.0
// fail-calls [-u USER] [-e N] [-w DIRECTORY] [-v] NAME -- CAISSON run OPTION... IMAGE --
// /bin/guest-state
//
// Makes every system call of a run fail, one a run. A first run under ptrace(2) counts the calls of
// the launcher and of each process that it makes, up to a process's own exec; then there is a run
// for each of them and each of EPERM, ENOSYS, ENOMEM and EMFILE. A run must either come to the
// program, which then has to see exactly what it saw in the first run, or end with 125 (126 or 127
// where the exec failed) and one line that names phase, operation and subject. In either case no
// process, no mount and no file below DIRECTORY may be left. Exits with 1 where a run did anything
// else. -e: the Nth exec of the first process, not the first, makes it the launcher.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <regex.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "call_names.h"
#include "left_behind.h"

enum { max_processes = 16, max_calls = 4096, max_text = 64 * 1024, guest_status = 42 };
enum { run_seconds = 10, leftover_milliseconds = 2000 };

// Which call of a run to fail. `process` counts in the order of their beginning.
struct target {
    int process, call, error;
};

struct call {
    int process, number;
    bool before_main;
};

struct process {
    pid_t pid;
    int execs;
    int calls;
    bool alive, resumed, failing;
};

struct run {
    struct target target;
    struct process processes[max_processes];
    int process_count;
    struct call calls[max_calls];  // only in the first run
    int call_count;
    int failed_number;  // the call that was made to fail, or -1
    bool failed_before_main;
    bool in_main;
    int launcher_execs;
    bool hung, left_process;
    int status;
    char out[max_text], err[max_text];
};

struct campaign {
    const char* name;
    char** command;
    const struct passwd* user;
    const char* directory;
    int launcher_execs;  // after which the first process is the launcher
    bool verbose;
    regex_t message;
    char first_out[max_text];
    int tried, worked, refused, before_main, not_failing, not_reached, failures;
};

// Before main() glibc has no way to go on without these, and no way to say so: it ends itself or is
// killed. Nothing has begun then.
static const struct {
    int number;
    const char* reason;
} needed_by_libc[] = {{SYS_brk, "memory for what is local to the thread"},
                      {SYS_arch_prctl, "the register that leads to it"},
                      {SYS_mmap, "either, where brk is used up"}};

// Calls whose errors nobody has to look for, by their manual pages: they have none.
static const int never_failing[] = {SYS_getpid, SYS_gettid,  SYS_getppid, SYS_getuid,
                                    SYS_getgid, SYS_geteuid, SYS_getegid};

static volatile sig_atomic_t too_late;
static void on_alarm(int signal) {
    too_late = signal;
}

static void die(const char* what) {
    fprintf(stderr, "fail-calls: %s: %s\n", what, strerror(errno));
    exit(2);
}

// ---- starting ----

static void become_user(const struct passwd* user) {
    if (user == NULL) return;
    if (initgroups(user->pw_name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 ||
        setuid(user->pw_uid) != 0) {
        die("setuid");
    }
}

// The command, stopped until it is seized. Its calls before exec do not count.
static pid_t start(const struct campaign* campaign, int out, int err) {
    int go[2];
    if (pipe2(go, O_CLOEXEC) != 0) die("pipe2");
    pid_t pid = fork();
    if (pid < 0) die("fork");
    if (pid == 0) {
        char byte;
        close(go[1]);
        int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) _exit(99);
        become_user(campaign->user);
        while (read(go[0], &byte, 1) < 0 && errno == EINTR) {
        }
        execv(campaign->command[0], campaign->command);
        _exit(98);
    }
    const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
                         PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    if (ptrace(PTRACE_SEIZE, pid, 0, options) != 0) die("PTRACE_SEIZE");
    close(go[0]);
    close(go[1]);
    return pid;
}

// ---- following ----

static struct process* find(struct run* run, pid_t pid) {
    for (int i = 0; i < run->process_count; i++) {
        if (run->processes[i].pid == pid) return &run->processes[i];
    }
    if (run->process_count == max_processes) die("too many processes");
    struct process* process = &run->processes[run->process_count++];
    *process = (struct process){.pid = pid, .alive = true};
    return process;
}

// A call counts while the process runs the launcher's code: the launcher has execed once to get
// there, its children not at all.
static bool is_in_scope(const struct run* run, const struct process* process) {
    return process->execs == (process == run->processes ? run->launcher_execs : 0);
}

static bool is_before_launcher(const struct run* run, const struct process* process) {
    return process == run->processes && process->execs < run->launcher_execs;
}

static void enter_call(struct run* run, struct process* process, int number) {
    const int index = (int)(process - run->processes);
    if (!is_in_scope(run, process)) return;
    // The first thing that main() does is to poll(2) its streams.
    if (number == SYS_poll) run->in_main = true;
    const struct target* target = &run->target;
    const int call = process->calls++;
    if (target->error == 0) {
        if (run->call_count == max_calls) die("too many calls");
        run->calls[run->call_count++] = (struct call){index, number, !run->in_main};
    } else if (target->process == index && target->call == call) {
        // close(2) lets go of the descriptor whatever it returns.
        const size_t at = offsetof(struct user_regs_struct, orig_rax);
        if (number != SYS_close && ptrace(PTRACE_POKEUSER, process->pid, at, -1L) != 0) return;
        run->failed_number = number;
        run->failed_before_main = !run->in_main;
        process->failing = true;
    }
}

static void leave_call(struct run* run, struct process* process) {
    if (!process->failing) return;
    process->failing = false;
    const size_t at = offsetof(struct user_regs_struct, rax);
    (void)ptrace(PTRACE_POKEUSER, process->pid, at, (long)-run->target.error);
}

static void on_call(struct run* run, struct process* process) {
    struct __ptrace_syscall_info info;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, process->pid, sizeof info, &info) <= 0) return;
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY) enter_call(run, process, (int)info.entry.nr);
    if (info.op == PTRACE_SYSCALL_INFO_EXIT) leave_call(run, process);
}

static void on_stop(struct run* run, struct process* process, int status) {
    const int signal = WSTOPSIG(status);
    const int event = status >> 16;
    int delivered = 0;
    if (signal == (SIGTRAP | 0x80)) {
        on_call(run, process);
    } else if (event == PTRACE_EVENT_EXEC) {
        process->execs++;
    } else if (event == 0) {
        delivered = signal;
    }
    // Once the call has failed nothing more is to be seen, and the run goes on at full speed.
    const bool done = run->failed_number >= 0 && !process->failing;
    const bool watch = !done && (is_in_scope(run, process) || is_before_launcher(run, process));
    (void)ptrace(watch ? PTRACE_SYSCALL : PTRACE_CONT, process->pid, 0, (long)delivered);
}

static bool any_alive(const struct run* run) {
    for (int i = 0; i < run->process_count; i++) {
        if (run->processes[i].alive) return true;
    }
    return false;
}

static void kill_all(const struct run* run) {
    for (int i = 0; i < run->process_count; i++) {
        if (run->processes[i].alive) kill(run->processes[i].pid, SIGKILL);
    }
}

static void set_timer(timer_t timer, long milliseconds) {
    too_late = 0;
    // Again and again: a signal that comes before the wait must not be the only one.
    const struct itimerspec when = {{0, 50 * 1000 * 1000},
                                    {milliseconds / 1000, milliseconds % 1000 * 1000 * 1000}};
    timer_settime(timer, 0, &when, NULL);
}

// Until the launcher has ended and everything that it started as well.
static void follow(struct run* run, timer_t timer) {
    bool killed = false;
    set_timer(timer, run_seconds * 1000L);
    while (any_alive(run)) {
        int status;
        pid_t pid = waitpid(-1, &status, __WALL);
        if (pid < 0 && errno == ECHILD) return;
        if (pid < 0 && too_late != 0 && !killed) {
            const bool launcher_lives = run->processes[0].alive;
            *(launcher_lives ? &run->hung : &run->left_process) = true;
            kill_all(run);
            killed = true;
        }
        if (pid < 0) continue;
        struct process* process = find(run, pid);
        if (WIFSTOPPED(status)) {
            on_stop(run, process, status);
            continue;
        }
        process->alive = false;
        if (process != run->processes || killed) continue;
        run->status = status;
        set_timer(timer, leftover_milliseconds);
    }
}

// ---- one run ----

static int memory_file(void) {
    int fd = memfd_create("fail-calls", MFD_CLOEXEC);
    if (fd < 0) die("memfd_create");
    return fd;
}

static void read_all(int fd, char* text) {
    ssize_t size = pread(fd, text, max_text - 1, 0);
    text[size < 0 ? 0 : size] = '\0';
    close(fd);
}

static void run_once(const struct campaign* campaign, struct run* run, struct target target,
                     timer_t timer) {
    memset(run, 0, offsetof(struct run, calls));
    run->target = target;
    run->launcher_execs = campaign->launcher_execs;
    run->call_count = 0;
    run->failed_number = -1;
    run->failed_before_main = run->in_main = run->hung = run->left_process = false;
    run->status = -1;
    int out = memory_file();
    int err = memory_file();
    pid_t pid = start(campaign, out, err);
    find(run, pid);
    follow(run, timer);
    set_timer(timer, 0);
    timer_settime(timer, 0, &(struct itimerspec){0}, NULL);
    read_all(out, run->out);
    read_all(err, run->err);
}

// ---- judging ----

static const char* error_name(int error) {
    switch (error) {
        case EPERM:
            return "EPERM";
        case ENOSYS:
            return "ENOSYS";
        case ENOMEM:
            return "ENOMEM";
        default:
            return "EMFILE";
    }
}

static void complain(struct campaign* campaign, const struct run* run, const char* what) {
    campaign->failures++;
    printf("%s: FAILED: process %d, call %d, %s, %s: %s: status 0x%x, hung %d\n%s%s",
           campaign->name, run->target.process, run->target.call, call_name(run->failed_number),
           error_name(run->target.error), what, (unsigned)run->status, run->hung, run->err,
           run->err[0] != '\0' && strchr(run->err, '\n') == NULL ? "\n" : "");
}

static void print_difference(const char* first, const char* now) {
    while (*first != '\0' && *now != '\0') {
        const size_t a = strcspn(first, "\n");
        const size_t b = strcspn(now, "\n");
        if (a != b || memcmp(first, now, a) != 0) break;
        first += a + (first[a] == '\n');
        now += b + (now[b] == '\n');
    }
    printf("  first: %.*s\n  now:   %.*s\n", (int)strcspn(first, "\n"), first,
           (int)strcspn(now, "\n"), now);
}

static bool is_one_message(const struct campaign* campaign, const char* text) {
    const char* newline = strchr(text, '\n');
    return newline != NULL && newline[1] == '\0' &&
           regexec(&campaign->message, text, 0, NULL, 0) == 0;
}

static bool is_needed_by_libc(int number) {
    for (size_t i = 0; i < sizeof needed_by_libc / sizeof *needed_by_libc; i++) {
        if (needed_by_libc[i].number == number) return true;
    }
    return false;
}

static bool can_fail(int number) {
    for (size_t i = 0; i < sizeof never_failing / sizeof *never_failing; i++) {
        if (never_failing[i] == number) return false;
    }
    return true;
}

// An exec that failed may be told by its own status.
static bool is_refusal(const struct run* run) {
    if (!WIFEXITED(run->status)) return false;
    const int status = WEXITSTATUS(run->status);
    const bool exec = run->failed_number == SYS_execve || run->failed_number == SYS_execveat;
    return status == 125 || (exec && (status == 126 || status == 127));
}

static void judge(struct campaign* campaign, const struct run* run) {
    const bool came_to_program = run->out[0] != '\0';
    campaign->tried++;
    if (run->failed_number < 0) {
        campaign->not_reached++;
    } else if (!can_fail(run->failed_number) && !run->hung) {
        campaign->not_failing++;
    } else if (came_to_program && strcmp(run->out, campaign->first_out) != 0) {
        complain(campaign, run, "the program saw something else");
        print_difference(campaign->first_out, run->out);
    } else if (run->hung) {
        complain(campaign, run, "did not end");
    } else if (WIFEXITED(run->status) && WEXITSTATUS(run->status) == guest_status) {
        if (!came_to_program)
            complain(campaign, run, "the status of a program that did not run");
        else if (run->err[0] != '\0')
            complain(campaign, run, "worked, but said something");
        else
            campaign->worked++;
    } else if (run->failed_before_main && !came_to_program &&
               is_needed_by_libc(run->failed_number)) {
        campaign->before_main++;
    } else if (!is_refusal(run)) {
        complain(campaign, run, "ended in another way than with 125");
    } else if (!is_one_message(campaign, run->err)) {
        complain(campaign, run, "no message of phase, operation and subject");
    } else {
        campaign->refused++;
    }
    if (run->left_process) complain(campaign, run, "a process was left behind");
}

static void check_left(struct campaign* campaign, const struct run* run, unsigned long files,
                       unsigned long mounts) {
    if (sum_of_files(campaign->directory) != files)
        complain(campaign, run, "files were left behind");
    if (sum_of_mounts() != mounts) complain(campaign, run, "mounts were left behind");
}

// ---- the campaign ----

static void try_all(struct campaign* campaign, timer_t timer) {
    static struct run first, run;
    static const int errors[] = {EPERM, ENOSYS, ENOMEM, EMFILE};
    int next[max_processes] = {0};
    run_once(campaign, &first, (struct target){0, 0, 0}, timer);
    if (!WIFEXITED(first.status) || WEXITSTATUS(first.status) != guest_status) {
        printf("%s: FAILED: the first run ended with 0x%x: %s\n", campaign->name,
               (unsigned)first.status, first.err);
        campaign->failures++;
        return;
    }
    strcpy(campaign->first_out, first.out);
    unsigned long files = sum_of_files(campaign->directory);
    const unsigned long mounts = sum_of_mounts();
    for (int i = 0; i < first.call_count; i++) {
        const struct call* call = &first.calls[i];
        const int index = next[call->process]++;
        for (size_t e = 0; e < sizeof errors / sizeof *errors; e++) {
            run_once(campaign, &run, (struct target){call->process, index, errors[e]}, timer);
            judge(campaign, &run);
            check_left(campaign, &run, files, mounts);
            if (campaign->verbose) {
                printf("%d.%d %s %s: 0x%x %s\n", call->process, index, call_name(run.failed_number),
                       error_name(errors[e]), (unsigned)run.status,
                       run.err[0] != '\0' ? run.err : "\n");
            }
        }
    }
    printf(
        "%s: %d calls in %d processes, %d runs tried: %d worked, %d refused, %d in libc's own "
        "start, %d of calls that never fail, %d not reached, %d failed\n",
        campaign->name, first.call_count, first.process_count, campaign->tried, campaign->worked,
        campaign->refused, campaign->before_main, campaign->not_failing, campaign->not_reached,
        campaign->failures);
}

static void name_host_namespaces(void) {
    static const char* const names[] = {"user", "mnt", "pid",    "net",
                                        "ipc",  "uts", "cgroup", "time"};
    char all[1024] = "";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[64];
        size_t used = strlen(all);
        snprintf(path, sizeof path, "/proc/self/ns/%s", names[i]);
        ssize_t size = readlink(path, all + used, sizeof all - used - 2);
        if (size > 0) strcpy(all + used + size, " ");
    }
    setenv("HOST_NAMESPACES", all, 1);
}

static timer_t make_timer(void) {
    timer_t timer;
    sigaction(SIGALRM, &(struct sigaction){.sa_handler = on_alarm}, NULL);
    if (timer_create(CLOCK_MONOTONIC, NULL, &timer) != 0) die("timer_create");
    return timer;
}

int main(int argc, char** argv) {
    static struct campaign campaign = {.directory = ".", .launcher_execs = 1};
    int option;
    while ((option = getopt(argc, argv, "+u:e:w:v")) != -1) {
        if (option == 'u') campaign.user = getpwnam(optarg);
        if (option == 'u' && campaign.user == NULL) die("getpwnam");
        if (option == 'e') campaign.launcher_execs = atoi(optarg);
        if (option == 'w') campaign.directory = optarg;
        if (option == 'v') campaign.verbose = true;
    }
    if (argc - optind < 3) {
        fputs("usage: fail-calls [-u USER] [-e N] [-w DIRECTORY] [-v] NAME -- CMD...\n", stderr);
        return 2;
    }
    campaign.name = argv[optind];
    campaign.command = argv + optind + 1;
    if (strcmp(campaign.command[0], "--") == 0) campaign.command++;
    // caisson: PHASE: OPERATION "SUBJECT": REASON
    if (regcomp(&campaign.message, "^caisson: [a-z -]+: [A-Za-z0-9_-]+ \"[^\"]+\": [^\n]+\n$",
                REG_EXTENDED | REG_NOSUB) != 0) {
        die("regcomp");
    }
    name_host_namespaces();
    setvbuf(stdout, NULL, _IOLBF, 0);
    try_all(&campaign, make_timer());
    return campaign.failures == 0 && campaign.tried != 0 ? 0 : 1;
}
