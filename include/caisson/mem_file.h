// SPDX-License-Identifier: Apache-2.0
//
// Memory files (memfd_create(2)): a writable one is a MemFile; sealing it gives a SealedFile,
// whose type is the proof that its content cannot change any more.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "caisson/error.h"
#include "caisson/fd.h"

#pragma GCC visibility push(default)
namespace caisson {

// F_SEAL_* of fcntl(2), as a set.
enum class Seals : uint32_t {
    none = 0,
    seal = 0x1,
    shrink = 0x2,
    grow = 0x4,
    write = 0x8,
    future_write = 0x10,  // Linux 5.1
    exec = 0x20,          // Linux 6.3
    immutable = seal | shrink | grow | write,
};
constexpr Seals operator|(Seals a, Seals b) {
    return static_cast<Seals>(static_cast<uint32_t>(a) | static_cast<uint32_t>(b));
}
constexpr Seals operator&(Seals a, Seals b) {
    return static_cast<Seals>(static_cast<uint32_t>(a) & static_cast<uint32_t>(b));
}

class SealedFile {
  public:
    // Takes a descriptor over if it carries all the seals asked for; the descriptor is closed
    // otherwise. EINVAL: not a file that can be sealed.
    static Result<SealedFile> adopt(Fd fd, Seals wanted = Seals::immutable);

    int fd() const { return fd_.get(); }
    Fd release() && { return std::move(fd_); }

  private:
    friend class MemFile;
    explicit SealedFile(Fd fd) : fd_(std::move(fd)) {}
    Fd fd_;
};

class MemFile {
  public:
    // `name` (at most 249 bytes) shows in /proc/PID/fd and serves nothing else. Never executable
    // where the kernel can say so (6.3). Errors: EMFILE, ENFILE, ENOMEM, EINVAL.
    static Result<MemFile> create(const std::string& name);

    // Appends all of `content`.
    Result<void> write(std::string_view content);
    // Adds the seals and turns this into the proof. EBUSY: a shared writable mapping lives.
    Result<SealedFile> seal(Seals seals = Seals::immutable) &&;

    int fd() const { return fd_.get(); }

  private:
    explicit MemFile(Fd fd) : fd_(std::move(fd)) {}
    Fd fd_;
};

}  // namespace caisson
#pragma GCC visibility pop
