// SPDX-License-Identifier: Apache-2.0
//
// What goes into a memory file: from memory, from another descriptor, through a mapping.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/try.h"
#include "launch/mem_file_parts.h"

namespace caisson {
namespace {

struct Region {
    std::byte* start = nullptr;
    size_t size = 0;
    size_t mapped = 0;
};

Result<Region> map_whole(int fd, const std::string& name, int protection) {
    const struct stat status = TRY(mem_file::status_of(fd, name));
    Region region;
    region.size = static_cast<size_t>(status.st_size);
    if (region.size == 0) return region;
    // The size of a page, huge or not: st_blksize is how the two file systems say it.
    const auto page = static_cast<size_t>(status.st_blksize);
    region.mapped = (region.size + page - 1) / page * page;
    void* start = mmap(nullptr, region.mapped, protection, MAP_SHARED, fd, 0);
    if (start == MAP_FAILED) return mem_file::error("mmap", name, errno);
    region.start = static_cast<std::byte*>(start);
    return region;
}

// The ways to bring bytes from one descriptor to another, the fastest first. Filling 1 GiB from a
// file takes sendfile(2) 0.62 to 0.87 s here, read(2) and write(2) 0.91 to 1.18, a mapping of the
// memory file 1.6; copy_file_range(2) is refused between file systems.
struct Way {
    const char* name;
    ssize_t (*move)(int from, int to, size_t most);
};

ssize_t send(int from, int to, size_t most) {
    return sendfile(to, from, nullptr, most);
}

ssize_t splice_pipe(int from, int to, size_t most) {
    return splice(from, nullptr, to, nullptr, most, 0);
}

ssize_t copy(int from, int to, size_t most) {
    char buffer[32 * 1024];
    const ssize_t got = read(from, buffer, std::min(most, sizeof buffer));
    for (ssize_t written = 0; written < got;) {
        const ssize_t now = write(to, buffer + written, static_cast<size_t>(got - written));
        if (now < 0 && errno != EINTR) return now;
        if (now > 0) written += now;
    }
    return got;
}

constexpr Way ways[] = {
    {"sendfile", send},       // from a file
    {"splice", splice_pipe},  // from a pipe
    {"read", copy},           // from anything
};
constexpr size_t most_at_once = 0x7ffff000;  // the kernel's own limit, in read(2)

}  // namespace

Mapping::Mapping(Mapping&& other) noexcept
    : start_(std::exchange(other.start_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      mapped_(std::exchange(other.mapped_, 0)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
    std::swap(start_, other.start_);
    std::swap(size_, other.size_);
    std::swap(mapped_, other.mapped_);
    return *this;
}

Mapping::~Mapping() {
    if (start_) munmap(start_, mapped_);
}

Result<Mapping> MemFile::map() const {
    const Region region = TRY(map_whole(fd_.get(), name_, PROT_READ));
    return Mapping(region.start, region.size, region.mapped);
}

Result<WritableMapping> MemFile::map_writable() {
    const Region region = TRY(map_whole(fd_.get(), name_, PROT_READ | PROT_WRITE));
    return WritableMapping(region.start, region.size, region.mapped);
}

Result<Mapping> SealedFile::map() const {
    const Region region = TRY(map_whole(fd_.get(), {}, PROT_READ));
    return Mapping(region.start, region.size, region.mapped);
}

Result<void> MemFile::write(std::string_view content) {
    if (huge_page_ != 0) return write_huge(content);
    while (!content.empty()) {
        const ssize_t written = ::write(fd_.get(), content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failed("write");
        content.remove_prefix(static_cast<size_t>(written));
    }
    return {};
}

// hugetlbfs has no write(2).
Result<void> MemFile::write_huge(std::string_view content) {
    const uint64_t end = written_ + content.size();
    const uint64_t pages = (end + huge_page_ - 1) / huge_page_ * huge_page_;
    if (pages > TRY(size())) TRY(resize(pages));
    WritableMapping mapping = TRY(map_writable());
    if (!content.empty()) memcpy(&mapping.bytes()[written_], content.data(), content.size());
    written_ = end;
    return {};
}

Result<uint64_t> MemFile::write_huge_from(int from, uint64_t limit) {
    std::string buffer(std::min<uint64_t>(limit, 1 << 20), '\0');
    uint64_t total = 0;
    while (total < limit) {
        const ssize_t got = read(from, buffer.data(), std::min(limit - total, buffer.size()));
        if (got == 0) break;
        if (got < 0 && errno != EINTR) return failed("read");
        if (got < 0) continue;
        TRY(write_huge({buffer.data(), static_cast<size_t>(got)}));
        total += static_cast<uint64_t>(got);
    }
    return total;
}

Result<uint64_t> MemFile::write_from(int from, uint64_t limit) {
    if (huge_page_ != 0) return write_huge_from(from, limit);
    const Way* way = ways;
    uint64_t total = 0;
    while (total < limit) {
        const uint64_t most = std::min<uint64_t>(limit - total, most_at_once);
        const ssize_t moved = way->move(from, fd_.get(), most);
        if (moved == 0) break;
        if (moved > 0) {
            total += static_cast<uint64_t>(moved);
        } else if ((errno == EINVAL || errno == ENOSYS) && way->move != copy) {
            way++;  // nothing was moved: both say so before they begin
        } else if (errno != EINTR) {
            return failed(way->name);
        }
    }
    return total;
}

}  // namespace caisson
