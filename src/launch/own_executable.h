// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "child/executable.h"

namespace caisson {

// What the child has to know to protect the file that this process executes. Found out before the
// clone, while the host's names are there; nothing where it is not wanted.
class OwnExecutable {
  public:
    explicit OwnExecutable(bool wanted);
    OwnExecutable(const OwnExecutable&) = delete;
    OwnExecutable& operator=(const OwnExecutable&) = delete;

    const child::Executable* get() const { return &executable_; }

  private:
    std::string path_;
    child::Executable executable_;
};

}  // namespace caisson
