// SPDX-License-Identifier: Apache-2.0
//
// The functions of <string.h> and <wchar.h> that glibc has in several kinds, one for each kind of
// processor. Which one is called is decided by its start, with some thirty cpuid instructions, each
// of which leaves a virtual machine for its host: a tenth of a millisecond. What is copied and
// compared here are paths. With one kind of each, nothing is left to decide, and what runs before
// libc's start may use them too (entry-x86_64.cc).
//
// All of libc in this executable calls them as well. Built without -ftree-loop-distribute-patterns
// and with -ffreestanding, or the compiler would make of each loop a call of the function itself.
#include <emmintrin.h>
#include <stddef.h>
#include <stdint.h>

using Byte = unsigned char;

namespace {

const Byte* bytes(const void* text) {
    return static_cast<const Byte*>(text);
}
char* writable(const char* text) {
    return const_cast<char*>(text);
}
// ASCII: the locale is always "C", since nobody calls setlocale(3).
int lower(Byte c) {
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

}  // namespace

extern "C" {

// --- memory. The string instructions are what processors do best since 2013 (ERMS).
void* memcpy(void* to, const void* from, size_t size) {
    void* end = to;
    asm volatile("rep movsb" : "+D"(end), "+S"(from), "+c"(size) : : "memory");
    return to;
}

void* mempcpy(void* to, const void* from, size_t size) {
    return static_cast<char*>(memcpy(to, from, size)) + size;
}

void* memmove(void* to, const void* from, size_t size) {
    char* const target = static_cast<char*>(to);
    const char* const source = static_cast<const char*>(from);
    if (static_cast<size_t>(target - source) >= size) return memcpy(to, from, size);
    for (size_t i = size; i > 0; i--)
        target[i - 1] = source[i - 1];
    return to;
}

void* memset(void* memory, int value, size_t size) {
    void* end = memory;
    asm volatile("rep stosb" : "+D"(end), "+c"(size) : "a"(value) : "memory");
    return memory;
}

int memcmp(const void* a, const void* b, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (bytes(a)[i] != bytes(b)[i]) return bytes(a)[i] - bytes(b)[i];
    }
    return 0;
}

// Sixteen bytes at a time: the search for a line of /etc/passwd is most of what a plain run
// computes. A block is aligned and therefore within one page, whatever of it is not the memory's.
void* memchr(const void* memory, int value, size_t size) {
    if (size == 0) return nullptr;
    const Byte* const begin = bytes(memory);
    const Byte* const last = size > UINTPTR_MAX - reinterpret_cast<uintptr_t>(begin)
                                 ? reinterpret_cast<const Byte*>(UINTPTR_MAX)
                                 : begin + size - 1;
    const __m128i wanted = _mm_set1_epi8(static_cast<char>(value));
    const Byte* block = begin - reinterpret_cast<uintptr_t>(begin) % sizeof wanted;
    unsigned ours = ~0U << (begin - block);
    for (; block <= last; block += sizeof wanted, ours = ~0U) {
        const __m128i here = _mm_load_si128(reinterpret_cast<const __m128i*>(block));
        const unsigned equal =
            static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(here, wanted)));
        if ((equal & ours) == 0) continue;
        const Byte* found = block + __builtin_ctz(equal & ours);
        return found <= last ? const_cast<Byte*>(found) : nullptr;
    }
    return nullptr;
}

void* memrchr(const void* memory, int value, size_t size) {
    while (size > 0) {
        if (bytes(memory)[--size] == static_cast<Byte>(value))
            return const_cast<Byte*>(bytes(memory) + size);
    }
    return nullptr;
}

void* rawmemchr(const void* memory, int value) {
    return memchr(memory, value, static_cast<size_t>(-1));
}

// --- text
size_t strlen(const char* text) {
    size_t size = 0;
    while (text[size])
        size++;
    return size;
}

size_t strnlen(const char* text, size_t most) {
    size_t size = 0;
    while (size < most && text[size])
        size++;
    return size;
}

char* stpcpy(char* to, const char* from) {
    while ((*to = *from++))
        to++;
    return to;
}

char* strcpy(char* to, const char* from) {
    stpcpy(to, from);
    return to;
}

char* strcat(char* to, const char* from) {
    stpcpy(to + strlen(to), from);
    return to;
}

char* stpncpy(char* to, const char* from, size_t size) {
    const size_t used = strnlen(from, size);
    memcpy(to, from, used);
    memset(to + used, 0, size - used);
    return to + used;
}

char* strncpy(char* to, const char* from, size_t size) {
    stpncpy(to, from, size);
    return to;
}

char* strncat(char* to, const char* from, size_t most) {
    char* const end = to + strlen(to);
    const size_t used = strnlen(from, most);
    memcpy(end, from, used);
    end[used] = '\0';
    return to;
}

int strcmp(const char* a, const char* b) {
    while (*a && *a == *b)
        a++, b++;
    return *bytes(a) - *bytes(b);
}

int strncmp(const char* a, const char* b, size_t most) {
    for (; most > 0; most--, a++, b++) {
        if (!*a || *a != *b) return *bytes(a) - *bytes(b);
    }
    return 0;
}

int strncasecmp(const char* a, const char* b, size_t most) {
    for (; most > 0; most--, a++, b++) {
        if (!*a || lower(*bytes(a)) != lower(*bytes(b))) return lower(*bytes(a)) - lower(*bytes(b));
    }
    return 0;
}

int strcasecmp(const char* a, const char* b) {
    return strncasecmp(a, b, static_cast<size_t>(-1));
}

int strncasecmp_l(const char* a, const char* b, size_t most, void*) {
    return strncasecmp(a, b, most);
}

int strcasecmp_l(const char* a, const char* b, void*) {
    return strcasecmp(a, b);
}

char* strchrnul(const char* text, int c) {
    while (*text && *text != static_cast<char>(c))
        text++;
    return writable(text);
}

char* strchr(const char* text, int c) {
    char* found = strchrnul(text, c);
    return *found == static_cast<char>(c) ? found : nullptr;
}

char* strrchr(const char* text, int c) {
    const char* found = nullptr;
    for (;; text++) {
        if (*text == static_cast<char>(c)) found = text;
        if (!*text) return writable(found);
    }
}

size_t strspn(const char* text, const char* accepted) {
    size_t size = 0;
    while (text[size] && strchr(accepted, text[size]))
        size++;
    return size;
}

size_t strcspn(const char* text, const char* refused) {
    size_t size = 0;
    while (text[size] && !strchr(refused, text[size]))
        size++;
    return size;
}

char* strpbrk(const char* text, const char* wanted) {
    text += strcspn(text, wanted);
    return *text ? writable(text) : nullptr;
}

char* strstr(const char* text, const char* wanted) {
    const size_t size = strlen(wanted);
    for (; strncmp(text, wanted, size) != 0; text++) {
        if (!*text) return nullptr;
    }
    return writable(text);
}

// --- wide text, of which printf(3) has a half that nobody calls here
size_t wcslen(const wchar_t* text) {
    size_t size = 0;
    while (text[size])
        size++;
    return size;
}

size_t wcsnlen(const wchar_t* text, size_t most) {
    size_t size = 0;
    while (size < most && text[size])
        size++;
    return size;
}

wchar_t* wmemset(wchar_t* memory, wchar_t value, size_t size) {
    for (size_t i = 0; i < size; i++)
        memory[i] = value;
    return memory;
}

wchar_t* wcscpy(wchar_t* to, const wchar_t* from) {
    memcpy(to, from, (wcslen(from) + 1) * sizeof *from);
    return to;
}

int wmemcmp(const wchar_t* a, const wchar_t* b, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

wchar_t* wmemchr(const wchar_t* memory, wchar_t value, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (memory[i] == value) return const_cast<wchar_t*>(memory + i);
    }
    return nullptr;
}

// --- the names that libc itself calls them by
decltype(mempcpy) __mempcpy __attribute__((alias("mempcpy")));
decltype(memrchr) __memrchr __attribute__((alias("memrchr")));
decltype(rawmemchr) __rawmemchr __attribute__((alias("rawmemchr")));
decltype(strnlen) __strnlen __attribute__((alias("strnlen")));
decltype(stpcpy) __stpcpy __attribute__((alias("stpcpy")));
decltype(stpncpy) __stpncpy __attribute__((alias("stpncpy")));
decltype(strchrnul) __strchrnul __attribute__((alias("strchrnul")));
decltype(strcasecmp) __strcasecmp __attribute__((alias("strcasecmp")));
decltype(strcasecmp_l) __strcasecmp_l __attribute__((alias("strcasecmp_l")));
decltype(strncasecmp_l) __strncasecmp_l __attribute__((alias("strncasecmp_l")));
decltype(wcslen) __wcslen __attribute__((alias("wcslen")));
decltype(wcsnlen) __wcsnlen __attribute__((alias("wcsnlen")));
decltype(wcscpy) __wcscpy __attribute__((alias("wcscpy")));
decltype(wmemset) __wmemset __attribute__((alias("wmemset")));
decltype(wmemcmp) __wmemcmp __attribute__((alias("wmemcmp")));
decltype(wmemchr) __wmemchr __attribute__((alias("wmemchr")));
decltype(memcmp) __memcmpeq __attribute__((alias("memcmp")));  // what it returns, only 0 or not

}  // extern "C"
