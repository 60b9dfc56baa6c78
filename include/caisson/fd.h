// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#pragma GCC visibility push(default)
namespace caisson {

// Owns one file descriptor and closes it. Every descriptor that the library opens is
// close-on-exec: what a sandboxed program gets is named in the plan, never inherited by accident.
class Fd {
  public:
    Fd() = default;
    explicit Fd(int number) : number_(number) {}
    Fd(Fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Fd& operator=(Fd&& other) noexcept {
        if (this != &other) reset(std::exchange(other.number_, -1));
        return *this;
    }
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;
    ~Fd() { reset(); }

    int get() const { return number_; }
    explicit operator bool() const { return number_ >= 0; }
    int release() { return std::exchange(number_, -1); }
    void reset(int number = -1);

  private:
    int number_ = -1;
};

}  // namespace caisson
#pragma GCC visibility pop
