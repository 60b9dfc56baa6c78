// SPDX-License-Identifier: Apache-2.0
// Raw system calls and four string helpers for floor.c, which has no libc: a libc's own start-up
// (26 page faults for an empty static program) would be measured as if the sandbox needed it.
// Constants that the libc headers of Debian 12 lack are here and nowhere else.
#pragma once

#include <asm/unistd.h>
#include <elf.h>
#include <linux/close_range.h>
#include <linux/fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <stddef.h>
#include <stdint.h>

#ifndef __x86_64__
#error "floor.c knows the x86-64 system call convention only"
#endif

enum { nr_open_tree_attr = 467 };  // Linux 6.15: open_tree and mount_setattr in one call
enum { err_noent = 2, err_nosys = 38 };
enum { mnt_detach = 2 };  // <sys/mount.h> and <linux/mount.h> cannot be included together

static inline __attribute__((always_inline)) long sys6(long nr, long a, long b, long c, long d,
                                                       long e, long f) {
    long ret;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(ret)
                     : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return ret;
}

#define sys(...) sys6(SYS_ARGS(__VA_ARGS__, 0, 0, 0, 0, 0, 0))
#define SYS_ARGS(nr, a, b, c, d, e, f, ...) \
    (long)(nr), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f)

static inline size_t length(const char* s) {
    size_t n = 0;
    while (s[n] != '\0')
        n++;
    return n;
}

static inline int same(const char* a, const char* b) {
    while (*a != '\0' && *a == *b)
        a++, b++;
    return *a == *b;
}

// Appends and returns the new end; the callers' buffers are sized for what they append.
static inline char* put(char* to, const char* s) {
    while (*s != '\0')
        *to++ = *s++;
    *to = '\0';
    return to;
}

static inline char* put_number(char* to, unsigned long n) {
    char digits[24];
    int i = 0;
    do
        digits[i++] = (char)('0' + n % 10);
    while ((n /= 10) != 0);
    while (i > 0)
        *to++ = digits[--i];
    *to = '\0';
    return to;
}
