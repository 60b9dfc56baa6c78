// SPDX-License-Identifier: Apache-2.0
//
// The run-time of the command, which in most runs lives for half a millisecond and then is the
// program.
//
// Allocation is a pointer that moves through a static arena, then through mapped ones. What was
// allocated last can be given back, which is what becomes of most temporary strings; nothing else
// is. glibc's start would set up its malloc for one string of its own (four system calls and the
// pages they write), so malloc itself is replaced (glibc manual, “Replacing malloc”).
//
// Nothing throws. The library's errors are values; what the standard library would throw for (out
// of memory, an index out of range) ends the command with a message. Defining its throwing
// functions here keeps the exception machinery out, whose constructor takes 73 KB from malloc
// before main().
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <charconv>
#include <functional>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>

namespace {

[[noreturn]] void give_up(const char* why) {
    constexpr char begin[] = "caisson: start: ";
    (void)!write(STDERR_FILENO, begin, sizeof begin - 1);
    (void)!write(STDERR_FILENO, why, strlen(why));
    (void)!write(STDERR_FILENO, "\n", 1);
    _exit(125);
}

constexpr size_t alignment = 16;
constexpr size_t first_size = 64 * 1024;
constexpr size_t later_size = 1024 * 1024;

// A block is preceded by its size, for realloc(3).
struct alignas(alignment) Header {
    size_t size;
};

// All of it in one object, so that the first allocation writes to no other page.
struct Arena {
    char* next;  // null: the static one has not been begun
    size_t left;
    alignas(alignment) char first[first_size];
};
Arena arena;

bool more_room(size_t wanted) {
    if (!arena.next && wanted <= first_size) {
        arena.next = arena.first;
        arena.left = first_size;
        return true;
    }
    const size_t size = wanted > later_size ? wanted : later_size;
    // Populated: a thousand pages at once cost less than a hundred faults.
    void* mapped = mmap(nullptr, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (mapped == MAP_FAILED) return false;
    arena.next = static_cast<char*>(mapped);
    arena.left = size;
    return true;
}

void* allocate(size_t size) {
    if (size > PTRDIFF_MAX - 2 * alignment) return nullptr;
    const size_t needed = sizeof(Header) + ((size + alignment - 1) & ~(alignment - 1));
    if (needed > arena.left && !more_room(needed)) return nullptr;
    auto* header = reinterpret_cast<Header*>(arena.next);
    arena.next += needed;
    arena.left -= needed;
    header->size = needed - sizeof(Header);
    return header + 1;
}

void give_back(void* memory) {
    if (!memory) return;
    auto* header = static_cast<Header*>(memory) - 1;
    if (static_cast<char*>(memory) + header->size != arena.next) return;
    arena.left += arena.next - reinterpret_cast<char*>(header);
    arena.next = reinterpret_cast<char*>(header);
}

void* allocate_or_end(size_t size) {
    if (void* memory = allocate(size)) return memory;
    give_up("mmap \"memory\": Cannot allocate memory");
}

// The header before the address handed out must be one: free(3) looks at it.
void* allocate_aligned(size_t wanted, size_t size) {
    if (wanted <= alignment) return allocate(size);
    void* memory = allocate(size + wanted);
    if (!memory) return nullptr;
    const auto address = reinterpret_cast<uintptr_t>(memory);
    const uintptr_t aligned = (address + wanted - 1) & ~(wanted - 1);
    auto* header = reinterpret_cast<Header*>(aligned) - 1;
    const size_t room = static_cast<Header*>(memory)[-1].size;
    header->size = room - (aligned - address);
    return header + 1;
}

}  // namespace

extern "C" {

void* malloc(size_t size) {
    return allocate(size);
}
void free(void* memory) {
    give_back(memory);
}
void* calloc(size_t count, size_t size) {
    size_t total = 0;
    if (__builtin_mul_overflow(count, size, &total)) return nullptr;
    void* memory = allocate(total);
    return memory ? memset(memory, 0, total) : nullptr;
}
void* realloc(void* old, size_t size) {
    const size_t old_size = old ? (static_cast<Header*>(old) - 1)->size : 0;
    if (size <= old_size && old) return old;
    void* memory = allocate(size);
    if (memory && old) memcpy(memory, old, old_size);
    return memory;
}
void* memalign(size_t wanted, size_t size) {
    return allocate_aligned(wanted, size);
}
// A parser of JSON makes its errors with std::runtime_error, which nobody throws; libstdc++ would
// set up room for those that are thrown.
void* __cxa_allocate_exception(size_t) noexcept {
    give_up("an exception");
}
void __cxa_free_exception(void*) noexcept {}
void* aligned_alloc(size_t wanted, size_t size) {
    return allocate_aligned(wanted, size);
}
int posix_memalign(void** memory, size_t wanted, size_t size) {
    *memory = allocate_aligned(wanted, size);
    return *memory ? 0 : ENOMEM;
}
size_t malloc_usable_size(void* memory) {
    return memory ? (static_cast<Header*>(memory) - 1)->size : 0;
}

}  // extern "C"

void* operator new(size_t size) {
    return allocate_or_end(size);
}
void* operator new[](size_t size) {
    return allocate_or_end(size);
}
void* operator new(size_t size, const std::nothrow_t&) noexcept {
    return allocate(size);
}
void operator delete(void* memory) noexcept {
    give_back(memory);
}
void operator delete[](void* memory) noexcept {
    give_back(memory);
}
void operator delete(void* memory, size_t) noexcept {
    give_back(memory);
}
void operator delete[](void* memory, size_t) noexcept {
    give_back(memory);
}

namespace std {

// bits/functexcept.h declares these; their libstdc++ definitions would come with exceptions.
void __throw_bad_alloc() {
    give_up("out of memory");
}
void __throw_bad_array_new_length() {
    give_up("an array is too long");
}
void __throw_length_error(const char* where) {
    give_up(where);
}
void __throw_logic_error(const char* where) {
    give_up(where);
}
void __throw_invalid_argument(const char* where) {
    give_up(where);
}
void __throw_out_of_range(const char* where) {
    give_up(where);
}
void __throw_out_of_range_fmt(const char* where, ...) {
    give_up(where);
}
void __throw_bad_function_call() {
    give_up("an empty function was called");
}
void __throw_runtime_error(const char* where) {
    give_up(where);
}
void __throw_system_error(int) {
    give_up("a lock could not be had");
}

// For the reader of configuration files, of which no key takes such a number. libstdc++'s would
// come with its memory resources, and those with exceptions.
from_chars_result from_chars(const char* first, const char* last, double& value,
                             chars_format) noexcept {
    char* end = nullptr;
    const std::string text(first, last);
    const double number = strtod(text.c_str(), &end);
    if (end == text.c_str()) return {first, errc::invalid_argument};
    value = number;
    return {first + (end - text.c_str()), errc()};
}

}  // namespace std
