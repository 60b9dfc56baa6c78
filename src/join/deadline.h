// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <time.h>

#include <algorithm>
#include <chrono>

namespace caisson::join {

class Deadline {
  public:
    explicit Deadline(std::chrono::milliseconds from_now) : at_(Clock::now() + from_now) {}

    bool has_passed() const { return Clock::now() >= at_; }
    std::chrono::milliseconds left() const {
        // Rounded up: a wait that ends early would be repeated in vain.
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(at_ - Clock::now());
        return std::clamp(left, std::chrono::milliseconds(0), std::chrono::milliseconds(1 << 30));
    }

  private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point at_;
};

}  // namespace caisson::join
