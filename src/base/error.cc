// SPDX-License-Identifier: Apache-2.0
#include "caisson/error.h"

#include <string.h>

#include "base/text.h"

namespace caisson {

std::string Error::text() const {
    std::string out = phase;
    const auto add = [&](const char* before, const std::string& part) {
        if (part.empty()) return;
        if (!out.empty()) out += before;
        out += part;
    };
    add(": ", operation);
    if (!subject.empty()) add(operation.empty() ? ": " : " ", text::quoted(subject));
    const char* words = errno_value ? strerrordesc_np(errno_value) : nullptr;
    add(": ", words ? words : reason);
    if (!hint.empty()) out += " (" + hint + ")";
    return out;
}

}  // namespace caisson
