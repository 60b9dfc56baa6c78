// SPDX-License-Identifier: Apache-2.0
//
// calls-of-root DIR [i386]: makes the calls that only root may make, on files in DIR, by the
// numbers of x86-64 and x32, or by those of i386; says which of them "succeeded", and what was
// made.
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { x32_bit = 0x40000000 };

// Without libc, which would keep all threads' ids alike by signals.
static long raw(long number, long a, long b, long c) {
    long result;
    register long r10 __asm__("r10") = 0;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
                     : "rcx", "r11", "memory");
    return result;
}

// The entry of 32-bit programs, which a 64-bit one may take as well. Pointers lie below 4 GB in a
// static program.
static long raw_i386(long number, long a, long b, long c) {
    long result;
    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "0"(number), "b"(a), "c"(b), "d"(c)
                     : "r8", "r9", "r10", "r11", "memory");
    return (int)result;
}

static void say(const char* what, long result) {
    printf("%s %s\n", what, result == 0 ? "succeeded" : "refused");
}

static char file[] = "file", fifo[] = "fifo", device[] = "device";
static uint32_t groups[] = {5, 6};

static void call_as_i386(void) {
    say("i386 chown32", raw_i386(212, (intptr_t)file, 7, 8));
    say("i386 mknod c", raw_i386(14, (intptr_t)device, S_IFCHR | 0600, 0x103));
}

static void call(void) {
    say("chown", raw(SYS_chown, (intptr_t)file, 7, 8));
    say("lchown", raw(SYS_lchown, (intptr_t)file, 7, 8));
    say("setgroups", raw(SYS_setgroups, 2, (intptr_t)groups, 0));
    say("setresuid", raw(SYS_setresuid, 7, 7, 7));
    say("capset", raw(SYS_capset, 0, 0, 0));
    say("mknod c", raw(SYS_mknod, (intptr_t)device, S_IFCHR | 0600, 0x103));
    say("mknod b", raw(SYS_mknod, (intptr_t)device, S_IFBLK | 0600, 0x700));
    say("x32 chown", raw(x32_bit | SYS_chown, (intptr_t)file, 7, 8));
    say("mknod p", raw(SYS_mknod, (intptr_t)fifo, S_IFIFO | 0600, 0));
}

int main(int argc, char** argv) {
    if (argc < 2 || chdir(argv[1]) < 0) return 2;
    setvbuf(stdout, NULL, _IONBF, 0);
    if (argc > 2) {
        call_as_i386();
    } else {
        call();
    }
    struct stat found;
    printf("%s\n", stat(fifo, &found) == 0 && S_ISFIFO(found.st_mode) ? "a FIFO" : "no FIFO");
    printf("%s\n", stat(device, &found) == 0 ? "a device" : "no device");
    return 0;
}
