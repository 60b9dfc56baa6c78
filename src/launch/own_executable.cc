// SPDX-License-Identifier: Apache-2.0
//
// Asks the kernel alone, because a plain run comes here before libc's start.
#include "launch/own_executable.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>

#include "sys/call.h"

namespace caisson {
namespace {

using child::Executable;

constexpr uintptr_t page = 4096;

// Of the auxiliary vector (getauxval(3)), as /proc shows it.
struct Auxiliary {
    uintptr_t headers = 0;  // AT_PHDR
    size_t header_count = 0;
    const char* file_name = "";  // AT_EXECFN
};

Auxiliary read_auxiliary() {
    Auxiliary found;
    Elf64_auxv_t entries[64];
    const int fd = sys::openat(AT_FDCWD, "/proc/self/auxv", O_RDONLY);
    const long size = sys::read(fd, entries, sizeof entries);
    sys::close(fd);
    for (long i = 0; i < size / static_cast<long>(sizeof *entries); i++) {
        const uintptr_t value = entries[i].a_un.a_val;
        if (entries[i].a_type == AT_PHDR) found.headers = value;
        if (entries[i].a_type == AT_PHNUM) found.header_count = value;
        if (entries[i].a_type == AT_EXECFN) found.file_name = reinterpret_cast<const char*>(value);
    }
    return found;
}

int protection_of(uint32_t flags) {
    return ((flags & PF_R) != 0 ? PROT_READ : 0) | ((flags & PF_W) != 0 ? PROT_WRITE : 0) |
           ((flags & PF_X) != 0 ? PROT_EXEC : 0);
}

void add_segment(Executable& executable, const Elf64_Phdr& header, uintptr_t base) {
    if (header.p_filesz == 0 || executable.count == Executable::most_segments) return;
    const uintptr_t start = (base + header.p_vaddr) & -page;
    const uintptr_t end = (base + header.p_vaddr + header.p_filesz + page - 1) & -page;
    child::Segment& segment = executable.segments[executable.count++];
    segment.start = reinterpret_cast<char*>(start);
    segment.size = end - start;
    segment.offset = header.p_offset & -page;
    segment.protection = protection_of(header.p_flags);
    segment.own_content = (header.p_flags & PF_W) != 0;
    // The kernel wants an order, and the values are for those who look into /proc.
    prctl_mm_map& memory = executable.memory;
    if ((header.p_flags & PF_X) != 0) memory.start_code = start, memory.end_code = end;
    if ((header.p_flags & PF_W) != 0) memory.start_data = start, memory.end_data = end;
}

// Wherever the executable was put, its headers stand in the first page of its first segment.
uintptr_t base_of(const Elf64_Phdr* headers, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (headers[i].p_type != PT_LOAD) continue;
        return (reinterpret_cast<uintptr_t>(headers) & -page) - (headers[i].p_vaddr & -page);
    }
    return 0;
}

void add_segments(Executable& executable, const Auxiliary& auxiliary) {
    const auto* headers = reinterpret_cast<const Elf64_Phdr*>(auxiliary.headers);
    const uintptr_t base = base_of(headers, auxiliary.header_count);
    for (size_t i = 0; i < auxiliary.header_count; i++) {
        const Elf64_Phdr& header = headers[i];
        if (header.p_type == PT_LOAD) add_segment(executable, header, base);
        if (header.p_type != PT_GNU_RELRO) continue;
        // As the loader rounds it: a page that is only in part to be read is still written to.
        const uintptr_t start = (base + header.p_vaddr) & -page;
        const uintptr_t end = (base + header.p_vaddr + header.p_memsz) & -page;
        executable.sealed_start = reinterpret_cast<char*>(start);
        executable.sealed_size = end - start;
    }
}

// Nothing of it is used again but for ps(1), which shows the init by its file's name.
void describe_memory(prctl_mm_map& memory, const char* file_name) {
    memory.start_stack = memory.arg_start = reinterpret_cast<uintptr_t>(file_name);
    memory.arg_end = memory.env_start = memory.env_end = memory.arg_start + strlen(file_name) + 1;
}

}  // namespace

OwnExecutable::OwnExecutable(bool wanted) {
    if (!wanted) return;
    char target[PATH_MAX];
    const long size = sys::readlinkat(AT_FDCWD, "/proc/self/exe", target, sizeof target);
    struct stat status {};
    if (size > 0 && sys::fstatat(AT_FDCWD, "/proc/self/exe", status, 0) == 0) {
        path_.assign(target, static_cast<size_t>(size));
        executable_.device = status.st_dev;
        executable_.inode = status.st_ino;
    }
    executable_.path = path_.c_str();  // empty: ENOENT, as for one without a name
    const Auxiliary auxiliary = read_auxiliary();
    add_segments(executable_, auxiliary);
    describe_memory(executable_.memory, auxiliary.file_name);
}

}  // namespace caisson
