// SPDX-License-Identifier: Apache-2.0
#include "launch/shared_record.h"

#include <errno.h>
#include <sys/mman.h>

#include <new>

#include "base/try.h"

namespace caisson {

Result<SharedPages> SharedPages::map(size_t size, bool across_copies) {
    const int sharing = across_copies ? MAP_SHARED : MAP_PRIVATE;
    void* start = mmap(nullptr, size, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) return Error{"start", "mmap", "shared pages", errno, {}, {}};
    return SharedPages(start, size);
}

SharedPages::SharedPages(SharedPages&& other) noexcept
    : start_(std::exchange(other.start_, nullptr)), size_(other.size_) {}

SharedPages::~SharedPages() {
    if (start_) munmap(start_, size_);
}

Result<SharedRecord> SharedRecord::make(bool across_copies) {
    SharedPages pages = TRY(SharedPages::map(sizeof(child::Record), across_copies));
    new (pages.start()) child::Record;
    return SharedRecord(std::move(pages));
}

}  // namespace caisson
