// SPDX-License-Identifier: Apache-2.0
//
// Files with given content on a private tmpfs, for both ways of mounting. Runs in the child.
#pragma once

#include "child/outcome.h"
#include "child/start.h"

namespace caisson::child {

// Names on the private tmpfs are numbers: only the place where a file is shown has a meaning.
class FileName {
  public:
    explicit FileName(size_t number) {
        char* digit = buffer_ + sizeof buffer_ - 1;
        do {
            *--digit = static_cast<char>('0' + number % 10);
        } while ((number /= 10) != 0);
        text_ = digit;
    }
    FileName(const FileName&) = delete;
    FileName& operator=(const FileName&) = delete;
    const char* text() const { return text_; }

  private:
    char buffer_[24] = {};
    const char* text_;
};

// Writes `file` as `name` into the directory `store`.
Outcome generate(Progress& progress, int store, const char* name, const GeneratedFile& file);

// Whether something was merely not there, as opposed to refused or broken.
bool is_absence(const Outcome& outcome);

}  // namespace caisson::child
