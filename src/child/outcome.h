// SPDX-License-Identifier: Apache-2.0
//
// What a step comes to. Both strings are literals or belong to the plan, so the parent, which has
// the same plan at the same addresses, can read them; the child formats nothing.
#pragma once

namespace caisson::child {

struct [[nodiscard]] Outcome {
    int error = 0;                    // an errno value; 0: done
    const char* operation = nullptr;  // a system call's name
    const char* subject = nullptr;    // a path or name as the user wrote it; may be null

    bool failed() const { return error != 0; }
    Outcome about(const char* what) const { return {error, operation, what}; }
};

inline Outcome done() {
    return {};
}

// `result` is a system call's: negative means -errno.
inline Outcome outcome_of(long result, const char* operation, const char* subject = nullptr) {
    if (result >= 0) return done();
    return {static_cast<int>(-result), operation, subject};
}

}  // namespace caisson::child
