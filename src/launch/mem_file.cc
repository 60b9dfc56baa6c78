// SPDX-License-Identifier: Apache-2.0
//
// Memory files: how one is made, and its seals. mem_file_content.cc has what goes into it.
#include "caisson/mem_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/try.h"
#include "launch/mem_file_parts.h"
#include "plan/hints.h"
#include "sys/constants.h"

namespace caisson {

namespace mem_file {

Error error(const char* operation, const std::string& subject, int errno_value) {
    return {"memory file",
            operation,
            subject,
            errno_value,
            {},
            std::string(plan::hint_for("memory file", operation, errno_value))};
}

Result<struct stat> status_of(int fd, const std::string& name) {
    struct stat status {};
    if (fstat(fd, &status) < 0) return error("fstat", name, errno);
    return status;
}

Result<Seals> seals_of(int fd, const std::string& name) {
    const int seals = fcntl(fd, F_GET_SEALS);
    if (seals < 0) return error("F_GET_SEALS", name, errno);
    return static_cast<Seals>(seals);
}

Result<Fd> reopen_read_only(int fd, const std::string& name) {
    const std::string path = "/proc/self/fd/" + std::to_string(fd);
    Fd reopened(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!reopened) return error("open", name.empty() ? path : name, errno);
    return reopened;
}

}  // namespace mem_file

namespace {

Error refused(const std::string& name, const char* reason) {
    return {"memory file", "memfd_create", name, 0, reason, {}};
}

// The flag for what Linux 6.3 has learnt to say; 0 where nothing is to be said.
unsigned execution_flag(Execution execution) {
    switch (execution) {
        case Execution::refused:
            return MFD_NOEXEC_SEAL;
        case Execution::allowed:
            return MFD_EXEC;
        case Execution::as_system_says:
            break;
    }
    return 0;
}

Result<unsigned> older_flags(const std::string& name, const MemFileOptions& options) {
    constexpr unsigned size_bits = 6;  // <linux/memfd.h>, MFD_HUGE_SHIFT and MFD_HUGE_MASK
    unsigned flags = 0;
    if (options.close_on_exec) flags |= MFD_CLOEXEC;
    if (options.sealable) flags |= MFD_ALLOW_SEALING;
    if (!options.sealable && options.execution == Execution::refused) {
        return refused(name, "what may never be executed can always be sealed");
    }
    if (!options.huge_pages) return flags;
    const unsigned size = options.huge_pages->log2_bytes;
    if (size >= 1U << size_bits) return refused(name, "no huge page has that size");
    return flags | MFD_HUGETLB | size << 26;
}

}  // namespace

std::string names_of(Seals seals) {
    constexpr struct {
        Seals seal;
        const char* name;
    } known[] = {{Seals::seal, "SEAL"},     {Seals::grow, "GROW"},
                 {Seals::write, "WRITE"},   {Seals::future_write, "FUTURE_WRITE"},
                 {Seals::shrink, "SHRINK"}, {Seals::exec, "EXEC"}};
    std::string out;
    for (const auto& [seal, name] : known) {
        if (!contains(seals, seal)) continue;
        if (!out.empty()) out += ' ';
        out += name;
    }
    return out;
}

Error MemFile::failed(const char* operation) const {
    return mem_file::error(operation, name_, errno);
}

Result<MemFile> MemFile::create(const std::string& name, const MemFileOptions& options) {
    const unsigned flags = TRY(older_flags(name, options));
    const unsigned execution = execution_flag(options.execution);
    Fd fd(memfd_create(name.c_str(), flags | execution));
    const bool older = !fd && errno == EINVAL && execution != 0;
    // Before 6.3 the flag is unknown. Not on EACCES: that is the administrator's word.
    if (older) fd = Fd(memfd_create(name.c_str(), flags));
    if (!fd) return mem_file::error("memfd_create", name, errno);
    if (older && execution == MFD_NOEXEC_SEAL && fchmod(fd.get(), 0666) < 0) {
        return mem_file::error("fchmod", name, errno);
    }
    uint64_t huge_page = 0;
    if (options.huge_pages) {
        huge_page = static_cast<uint64_t>(TRY(mem_file::status_of(fd.get(), name)).st_blksize);
    }
    return MemFile(std::move(fd), name, huge_page);
}

Result<Seals> MemFile::seals() const {
    return mem_file::seals_of(fd_.get(), name_);
}

Result<uint64_t> MemFile::size() const {
    return static_cast<uint64_t>(TRY(mem_file::status_of(fd_.get(), name_)).st_size);
}

Result<void> MemFile::resize(uint64_t bytes) {
    if (bytes > INT64_MAX) return mem_file::error("ftruncate", name_, EFBIG);
    if (ftruncate(fd_.get(), static_cast<off_t>(bytes)) < 0) return failed("ftruncate");
    return {};
}

Result<void> MemFile::reserve(uint64_t bytes) {
    if (bytes == 0) return {};  // which fallocate(2) refuses
    if (bytes > INT64_MAX) return mem_file::error("fallocate", name_, EFBIG);
    while (fallocate(fd_.get(), 0, 0, static_cast<off_t>(bytes)) < 0) {
        if (errno != EINTR) return failed("fallocate");
    }
    return {};
}

Result<Fd> MemFile::read_only() const {
    return mem_file::reopen_read_only(fd_.get(), name_);
}

Result<void> MemFile::add_seals(Seals seals) {
    if (fcntl(fd_.get(), F_ADD_SEALS, static_cast<int>(seals)) < 0) return failed("F_ADD_SEALS");
    return {};
}

Result<SealedFile> MemFile::seal(Seals seals) && {
    TRY(add_seals(seals));
    // Asked, not assumed: Seals::exec brings others.
    const Seals present = TRY(this->seals());
    return SealedFile(std::move(fd_), present);
}

Result<SealedFile> SealedFile::adopt(Fd fd, Seals wanted) {
    const Seals present = TRY(mem_file::seals_of(fd.get(), {}));
    if (contains(present, wanted)) return SealedFile(std::move(fd), present);
    const auto missing = static_cast<uint32_t>(wanted) & ~static_cast<uint32_t>(present);
    return Error{"memory file",
                 "F_GET_SEALS",
                 {},
                 0,
                 "not sealed against " + names_of(static_cast<Seals>(missing)),
                 {}};
}

Result<uint64_t> SealedFile::size() const {
    return static_cast<uint64_t>(TRY(mem_file::status_of(fd_.get(), {})).st_size);
}

Result<Fd> SealedFile::read_only() const {
    return mem_file::reopen_read_only(fd_.get(), {});
}

}  // namespace caisson
