// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "caisson/error.h"

// The value of a Result, or a return from the enclosing function with its Error.
#define TRY(...)                                                    \
    __extension__({                                                 \
        auto try_result = (__VA_ARGS__);                            \
        if (!try_result.ok()) return std::move(try_result).error(); \
        std::move(try_result).value();                              \
    })
