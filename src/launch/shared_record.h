// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "caisson/error.h"
#include "child/record.h"

namespace caisson {

// Owns memory that a child is to share: zeroed pages of their own, never part of a heap that goes
// on being used.
class SharedPages {
  public:
    // `across_copies`: still shared with a child that has a copied address space.
    static Result<SharedPages> map(size_t size, bool across_copies);
    SharedPages(SharedPages&& other) noexcept;
    SharedPages& operator=(SharedPages&&) = delete;
    ~SharedPages();

    void* start() const { return start_; }
    size_t size() const { return size_; }

  private:
    SharedPages(void* start, size_t size) : start_(start), size_(size) {}
    void* start_;
    size_t size_;
};

// The record of one start, alive as long as the child may write it.
class SharedRecord {
  public:
    static Result<SharedRecord> make(bool across_copies);
    child::Record& operator*() const { return *static_cast<child::Record*>(pages_.start()); }
    child::Record* operator->() const { return &**this; }

  private:
    explicit SharedRecord(SharedPages pages) : pages_(std::move(pages)) {}
    SharedPages pages_;
};

}  // namespace caisson
