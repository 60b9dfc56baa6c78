// SPDX-License-Identifier: Apache-2.0
//
// System calls on x86-64, without libc: the result is returned as the kernel gives it, -errno for
// a failure. errno itself is never touched, because a child that shares the parent's memory would
// change the parent's (it is thread-local, and the child runs on the parent's thread pointer).
#pragma once

namespace caisson::sys {

inline long raw(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0,
                long f = 0) {
    long result;
    register long r10 asm("r10") = d;
    register long r8 asm("r8") = e;
    register long r9 asm("r9") = f;
    asm volatile("syscall"
                 : "=a"(result)
                 : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                 : "rcx", "r11", "memory");
    return result;
}

// A clone call whose child goes on in `entry(argument)`, on the stack that the call itself names
// (or on its copy of this one). `entry` never returns: there is nothing to return to.
inline long raw_clone(long number, long a, long b, long c, long d, long e, void (*entry)(void*),
                      void* argument) {
    long result;
    register long r10 asm("r10") = d;
    register long r8 asm("r8") = e;
    register void (*r12)(void*) asm("r12") = entry;
    register void* r13 asm("r13") = argument;
    asm volatile(
        "syscall\n\t"
        "testq %%rax, %%rax\n\t"
        "jnz 1f\n\t"
        "xorl %%ebp, %%ebp\n\t"  // the outermost frame, for who walks the stack
        "andq $-16, %%rsp\n\t"   // the ABI's alignment at a call
        "movq %%r13, %%rdi\n\t"
        "callq *%%r12\n\t"
        "ud2\n"
        "1:"
        : "=a"(result)
        : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r12), "r"(r13)
        : "rcx", "r11", "memory");
    return result;
}

}  // namespace caisson::sys
