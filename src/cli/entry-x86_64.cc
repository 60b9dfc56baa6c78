// SPDX-License-Identifier: Apache-2.0
//
// Where the kernel enters the command (ld --entry). A plain run needs little of libc, and whatever
// libc's start prepares would be thrown away by exec half a millisecond later: the processor's
// features (thirty cpuid instructions, each a trip out of a virtual machine), its functions for
// them, malloc, stdio, locales, tunables, nine system calls, twenty pages. That is 0.3 ms, half of
// what the kernel takes for the sandbox itself.
//
// So the command first tries to run without. If it can't, it returns before it has changed
// anything, and libc's start gets the stack as the kernel made it: then all is as in any other
// program. What may be called before libc's start, src/cli/before_libc.txt lists
// (tools/check-imports).
//
// Taken for granted is what compilers and kernels agree on, nothing of libc's inside: the stack at
// entry and the auxiliary vector (System V psABI for x86-64, 3.4.1), and thread-local storage
// ("ELF Handling For Thread-Local Storage", variant II).
#include <asm/prctl.h>
#include <elf.h>
#include <malloc.h>
#include <string.h>
#include <unistd.h>

#include <iterator>

#include "cli/before_libc.h"
#include "cli/ch_run.h"
#include "cli/streams.h"
#include "sys/call.h"

// An IFUNC is a function of libc's that its start has to choose. A call of one would go nowhere, so
// if any is left in this executable (strings-x86_64.cc), everything is left to libc.
asm(R"(
    .section .text.caisson_entry, "ax", @progbits
    .globl caisson_entry
    .type caisson_entry, @function
caisson_entry:
    .cfi_startproc
    .cfi_undefined rip
    movl $__rela_iplt_start, %eax
    cmpl $__rela_iplt_end, %eax
    jne _start
    xorl %ebp, %ebp
    movq %rsp, %rbx
    movq %rdx, %r12
    movq %rsp, %rdi
    andq $-16, %rsp
    call caisson_before_libc
    movq %rbx, %rsp
    movq %r12, %rdx
    jmp _start
    .cfi_endproc
    .size caisson_entry, . - caisson_entry
    .text
)");

namespace {

// What the kernel put on the stack.
struct Stack {
    int argc;
    char** argv;
    char** environment;
    uintptr_t auxiliary[AT_MINSIGSTKSZ + 1] = {};  // by type; those above are of no interest
};

Stack read_stack(uintptr_t* stack) {
    Stack read = {static_cast<int>(stack[0]), reinterpret_cast<char**>(stack + 1), nullptr};
    char** next = read.environment = read.argv + read.argc + 1;
    while (*next)
        next++;
    for (auto* entry = reinterpret_cast<Elf64_auxv_t*>(next + 1); entry->a_type != AT_NULL; entry++)
        if (entry->a_type < std::size(read.auxiliary))
            read.auxiliary[entry->a_type] = entry->a_un.a_val;
    return read;
}

// Begins where the thread pointer points, right behind the thread's variables.
struct ThreadHead {
    ThreadHead* self;  // the ABI's: %fs:0 is its own address
    void* unused;
    ThreadHead* self_too;     // where libc looks for the same
    void* unused_too[2];      //
    uintptr_t stack_guard;    // gcc -fstack-protector compares with %fs:0x28
    uintptr_t pointer_guard;  // and libc mangles the pointers with it that it keeps in memory
    char room[4096];          // libc's own, 2,304 bytes in 2.36: zero, and no page if it isn't used
};
static_assert(offsetof(ThreadHead, stack_guard) == 0x28);

const Elf64_Phdr* thread_variables(const Stack& stack) {
    const auto* headers = reinterpret_cast<const Elf64_Phdr*>(stack.auxiliary[AT_PHDR]);
    for (size_t i = 0; i < stack.auxiliary[AT_PHNUM]; i++) {
        if (headers[i].p_type == PT_TLS) return &headers[i];
    }
    return nullptr;
}

// errno, the locale's tables, the stack protector's guard: %fs leads to them.
bool make_thread(const Stack& stack) {
    constexpr size_t alignment = 64;
    const Elf64_Phdr* variables = thread_variables(stack);
    if (!variables || variables->p_align > alignment) return false;
    const size_t size = (variables->p_memsz + alignment - 1) & -alignment;
    char* memory = static_cast<char*>(memalign(alignment, size + sizeof(ThreadHead)));
    if (!memory) return false;
    auto* head = reinterpret_cast<ThreadHead*>(memory + size);
    const size_t offset = (variables->p_memsz + variables->p_align - 1) & -variables->p_align;
    memcpy(memory + size - offset, reinterpret_cast<void*>(variables->p_vaddr),
           variables->p_filesz);
    head->self = head->self_too = head;
    // Sixteen bytes of the kernel's. A guard begins with a zero byte, which ends a string that runs
    // over it.
    const auto* random = reinterpret_cast<const uintptr_t*>(stack.auxiliary[AT_RANDOM]);
    head->stack_guard = random[0] & ~uintptr_t{0xff};
    head->pointer_guard = random[1];
    return caisson::sys::raw(SYS_arch_prctl, ARCH_SET_FS, caisson::sys::arg(head)) == 0;
}

}  // namespace

extern "C" void caisson_before_libc(uintptr_t* stack_pointer) {
    using namespace caisson::cli;
    const Stack stack = read_stack(stack_pointer);
    if (stack.argc < 2 || stack.auxiliary[AT_SECURE] != 0) return;  // both are told in main()
    // First of all: other functions than those here may have been compiled to look at the guard.
    if (!make_thread(stack)) return;
    environ = stack.environment;
    const bool as_ch_run = is_ch_run(stack.argv[0]);
    if (!as_ch_run && strcmp(stack.argv[1], "run") != 0) return;
    if (!open_missing_streams()) return;
    const std::optional<int> status = as_ch_run ? ch_run_before_libc(stack.argc, stack.argv)
                                                : run_before_libc(stack.argc - 1, stack.argv + 1);
    if (status) caisson::sys::exit(*status);
}
