// SPDX-License-Identifier: Apache-2.0
//
// Memory files (memfd_create(2)): a file without a name in any directory, gone with its last
// descriptor and mapping. A writable one is a MemFile. Sealing it gives a SealedFile, whose type is
// the proof that the seals are there: what a receiver checks and parses cannot change under it.
//
// Every Error is of the phase "memory file", its operation the system call's name (or F_ADD_SEALS,
// F_GET_SEALS of fcntl(2)), its subject the file's name where there is one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "caisson/error.h"
#include "caisson/fd.h"

#pragma GCC visibility push(default)
namespace caisson {

// F_SEAL_* of fcntl(2), as a set. None can be taken off again.
enum class Seals : uint32_t {
    none = 0,
    seal = 0x1,           // no more seals
    shrink = 0x2,         // never smaller
    grow = 0x4,           // never larger
    write = 0x8,          // content fixed; refused (EBUSY) while a shared writable mapping lives
    future_write = 0x10,  // Linux 5.1: only mappings that are writable already go on writing
    exec = 0x20,          // Linux 6.3: mode bits 0111 fixed; on a file that has one of them the
                          // kernel adds shrink, grow, write and future_write as well
    immutable = seal | shrink | grow | write,
};
constexpr Seals operator|(Seals a, Seals b) {
    return static_cast<Seals>(static_cast<uint32_t>(a) | static_cast<uint32_t>(b));
}
constexpr Seals operator&(Seals a, Seals b) {
    return static_cast<Seals>(static_cast<uint32_t>(a) & static_cast<uint32_t>(b));
}
constexpr bool contains(Seals set, Seals wanted) {
    return (set & wanted) == wanted;
}
// "SEAL GROW WRITE", in the order SEAL GROW WRITE FUTURE_WRITE SHRINK EXEC; "" for none.
std::string names_of(Seals seals);

// Whether the file may ever be executed, and mapped with PROT_EXEC by path.
enum class Execution {
    // MFD_NOEXEC_SEAL: mode 0666, which chmod(2) can't make executable; allows sealing. Before
    // Linux 6.3, which lacks the flag (EINVAL): mode 0666 without that seal.
    refused,
    // MFD_EXEC: mode 0777. Before 6.3 without the flag: files were executable. Where
    // vm.memfd_noexec is 2 this is EACCES, and never tried otherwise.
    allowed,
    // Neither flag, so what vm.memfd_noexec of the pid namespace says. 0: as `allowed`; 1 and 2: as
    // `refused` (2, before Linux 6.6: EACCES).
    as_system_says,
};

// Huge pages of this size, as log2 of bytes; 0: the machine's default size (hugetlbpage in the
// kernel's documentation). ENODEV: the machine has no pages of that size.
struct HugePages {
    unsigned log2_bytes = 0;
};

struct MemFileOptions {
    Execution execution = Execution::refused;
    bool close_on_exec = true;
    // Without, no seal can ever be added. Has to be on for Execution::refused, which implies it.
    bool sealable = true;
    std::optional<HugePages> huge_pages;
};

// Owns a mapping of a whole file, shared with all others of it, and unmaps it when dropped. It
// stays valid when the file's descriptor is closed. Reading past the end of a file that was made
// smaller is SIGBUS: only Seals::shrink rules that out.
class Mapping {
  public:
    Mapping(Mapping&& other) noexcept;
    Mapping& operator=(Mapping&& other) noexcept;
    ~Mapping();
    std::span<const std::byte> bytes() const { return {start_, size_}; }

  protected:
    friend class MemFile;
    friend class SealedFile;
    Mapping(std::byte* start, size_t size, size_t mapped)
        : start_(start), size_(size), mapped_(mapped) {}
    std::byte* start_ = nullptr;  // null: of an empty file
    size_t size_ = 0;
    size_t mapped_ = 0;  // a multiple of the page size, which munmap(2) wants of huge pages
};

// While one lives, Seals::write is refused; after Seals::future_write it goes on writing.
class WritableMapping : public Mapping {
  public:
    using Mapping::bytes;
    std::span<std::byte> bytes() { return {start_, size_}; }

  private:
    friend class MemFile;
    WritableMapping(std::byte* start, size_t size, size_t mapped) : Mapping(start, size, mapped) {}
};

class SealedFile {
  public:
    // Takes a descriptor over if it is a memory file (or another of the kernel's that has seals, as
    // O_TMPFILE on a tmpfs) and carries all the seals asked for; closed otherwise. Nothing else is
    // looked at: who made it, its mode and its content are for the caller to judge. EINVAL: no file
    // that has seals. EBADF: none at all, or opened with O_PATH.
    static Result<SealedFile> adopt(Fd fd, Seals wanted = Seals::immutable);

    int fd() const { return fd_.get(); }
    Fd release() && { return std::move(fd_); }
    // Those that it had when it became a SealedFile.
    Seals seals() const { return seals_; }

    Result<uint64_t> size() const;
    Result<Mapping> map() const;
    // The same file through a descriptor that can read and nothing else: no seal can be added
    // through it, nor written where Seals::write is missing. Opened by way of /proc/self/fd; a
    // receiver that has /proc and that the mode allows can do the same for writing.
    Result<Fd> read_only() const;

  private:
    friend class MemFile;
    SealedFile(Fd fd, Seals seals) : fd_(std::move(fd)), seals_(seals) {}
    Fd fd_;
    Seals seals_;
};

class MemFile {
  public:
    // `name`, at most 249 bytes, shows in /proc/PID/fd and serves nothing else: two files may have
    // the same. Errors: EMFILE, ENFILE, ENOMEM; EINVAL (name too long, no such size of huge pages);
    // those of Execution and HugePages.
    static Result<MemFile> create(const std::string& name, const MemFileOptions& options = {});

    int fd() const { return fd_.get(); }
    Result<Seals> seals() const;
    Result<uint64_t> size() const;

    // Sets the size in bytes; of huge pages a multiple of theirs, otherwise EINVAL. New bytes are 0
    // and take no memory before they are touched. EPERM: sealed against it.
    Result<void> resize(uint64_t bytes);
    // The same, with the memory: what ENOSPC or ENOMEM says here would be a SIGBUS later, where it
    // is touched through a mapping. Never makes a file smaller.
    Result<void> reserve(uint64_t bytes);

    // Appends all of `content` where the last write ended. EPERM: sealed. ENOSPC, ENOMEM: no
    // memory.
    Result<void> write(std::string_view content);
    // Appends what can be read from `from`, at most `limit` bytes, inside the kernel where it can
    // (sendfile(2), splice(2)); gives the number of bytes.
    Result<uint64_t> write_from(int from, uint64_t limit = UINT64_MAX);

    // The whole file as it is now. Of an empty one: an empty mapping. ENOMEM: no memory, or no huge
    // pages left to reserve.
    Result<Mapping> map() const;
    Result<WritableMapping> map_writable();
    // See SealedFile::read_only().
    Result<Fd> read_only() const;

    // EPERM: sealed against seals, or not sealable. EINVAL: this kernel lacks one of them. EBUSY:
    // Seals::write while a shared writable mapping lives.
    Result<void> add_seals(Seals seals);
    // Adds the seals and turns this into the proof. Nothing is taken over where it fails.
    Result<SealedFile> seal(Seals seals = Seals::immutable) &&;

  private:
    MemFile(Fd fd, std::string name, uint64_t huge_page)
        : fd_(std::move(fd)), name_(std::move(name)), huge_page_(huge_page) {}
    Error failed(const char* operation) const;
    Result<void> write_huge(std::string_view content);
    Result<uint64_t> write_huge_from(int from, uint64_t limit);

    Fd fd_;
    std::string name_;
    uint64_t huge_page_ = 0;  // their size; 0: ordinary pages, written by write(2)
    uint64_t written_ = 0;    // of huge pages, which have no file position
};

}  // namespace caisson
#pragma GCC visibility pop
