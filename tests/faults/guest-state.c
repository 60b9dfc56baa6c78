// SPDX-License-Identifier: Apache-2.0
// guest-state: prints all that a program can tell of the sandbox that it is in, so that two runs
// can be compared, and exits with 42. HOST_NAMESPACES in its environment has the host's, as
// readlink(2) gives them. What differs from run to run by nature (process and mount ids, times) is
// left out.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { max_lines = 512 };

struct line {
    char point[512];
    char rest[640];
};

static int by_point(const void* a, const void* b) {
    return strcmp(((const struct line*)a)->point, ((const struct line*)b)->point);
}

// Point, root, options and type. Of several mounts on one place the last: nothing leads to the
// others.
static void print_mounts(void) {
    static struct line lines[max_lines];
    int count = 0;
    char* text = NULL;
    size_t size = 0;
    FILE* table = fopen("/proc/self/mountinfo", "r");
    if (table == NULL) printf("mountinfo: %s\n", strerror(errno));
    while (table != NULL && count < max_lines && getline(&text, &size, table) > 0) {
        char root[512], point[512], options[128], type[64] = "";
        if (sscanf(text, "%*d %*d %*s %511s %511s %127s", root, point, options) != 3) continue;
        const char* dash = strstr(text, " - ");
        if (dash != NULL) sscanf(dash, " - %63s", type);
        int i = 0;
        while (i < count && strcmp(lines[i].point, point) != 0)
            i++;
        if (i == count) count++;
        snprintf(lines[i].point, sizeof lines[i].point, "%s", point);
        // A root is read-only in more than one way: over an image that lacks a place it is an
        // overlay.
        if (strcmp(point, "/") == 0) *root = *type = '\0';
        snprintf(lines[i].rest, sizeof lines[i].rest, "%.99s %s %s", root, options, type);
    }
    if (table != NULL) fclose(table);
    qsort(lines, (size_t)count, sizeof *lines, by_point);
    for (int i = 0; i < count; i++)
        printf("mount %s %s\n", lines[i].point, lines[i].rest);
}

static void print_status(void) {
    static const char* const wanted[] = {
        "Uid:",    "Gid:",    "Groups:", "SigBlk:", "SigIgn:",     "CapInh:",
        "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:", "NoNewPrivs:", "Cpus_allowed_list:"};
    char text[256];
    FILE* status = fopen("/proc/self/status", "r");
    if (status == NULL) printf("status: %s\n", strerror(errno));
    while (status != NULL && fgets(text, sizeof text, status) != NULL) {
        for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
            if (strncmp(text, wanted[i], strlen(wanted[i])) == 0) fputs(text, stdout);
        }
    }
    if (status != NULL) fclose(status);
}

static void print_namespaces(void) {
    static const char* const names[] = {"user", "mnt", "pid",    "net",
                                        "ipc",  "uts", "cgroup", "time"};
    const char* host = getenv("HOST_NAMESPACES");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[64], is[64];
        snprintf(path, sizeof path, "/proc/self/ns/%s", names[i]);
        ssize_t size = readlink(path, is, sizeof is - 1);
        is[size < 0 ? 0 : size] = '\0';
        const int same = host != NULL && size > 0 && strstr(host, is) != NULL;
        printf("namespace %s %s\n", names[i], size < 0 ? strerror(errno) : same ? "host" : "own");
    }
}

static void print_process(void) {
    struct utsname name;
    uname(&name);
    int death = 0;
    prctl(PR_GET_PDEATHSIG, &death);
    mode_t mask = umask(0);
    char cwd[PATH_MAX];
    printf("host name %s\n", name.nodename);
    printf("death signal %d, dumpable %d, umask %o\n", death, prctl(PR_GET_DUMPABLE), mask);
    printf("leader of a session %d, process 1 %d\n", getsid(0) == getpid(), getpid() == 1);
    printf("directory %s\n", getcwd(cwd, sizeof cwd) ? cwd : strerror(errno));
    printf("descriptors");
    for (int fd = 0; fd < 1024; fd++) {
        if (fcntl(fd, F_GETFD) >= 0) printf(" %d", fd);
    }
    printf("\nlimits");
    for (int i = 0; i < RLIM_NLIMITS; i++) {
        struct rlimit limit;
        if (getrlimit((__rlimit_resource_t)i, &limit) == 0) {
            printf(" %lx:%lx", limit.rlim_cur, limit.rlim_max);
        }
    }
    printf("\n");
}

static void print_directory(const char* path) {
    struct dirent** entries = NULL;
    int count = scandir(path, &entries, NULL, alphasort);
    printf("%s:", path);
    for (int i = 0; i < count; i++)
        printf(" %s", entries[i]->d_name);
    printf("\n");
}

static void print_file(const char* path) {
    char text[512];
    FILE* file = fopen(path, "r");
    if (file == NULL) printf("%s: %s\n", path, strerror(errno));
    while (file != NULL && fgets(text, sizeof text, file) != NULL)
        printf("%s: %s", path, text);
    if (file != NULL) fclose(file);
}

static void try_writing(const char* directory) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/guest-state-probe", directory);
    int fd = open(path, O_CREAT | O_WRONLY, 0600);
    printf("write %s: %s\n", directory, fd < 0 ? strerror(errno) : "done");
    if (fd < 0) return;
    close(fd);
    unlink(path);
}

int main(int argc, char** argv) {
    print_mounts();
    print_status();
    print_namespaces();
    print_process();
    for (int i = 1; i < argc; i++)
        printf("argument %s\n", argv[i]);
    print_directory("/");
    print_directory("/..");
    // The host's changes while this runs.
    if (access("/dev/kmsg", F_OK) != 0) print_directory("/dev");
    print_file("/etc/passwd");
    print_file("/etc/group");
    static const char* const places[] = {"/", "/etc", "/data", "/data/inner", "/dev", "/proc/sys"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        try_writing(places[i]);
    return fflush(stdout) == 0 ? 42 : 43;
}
