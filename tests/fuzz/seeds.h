// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdlib.h>

#include <fstream>
#include <initializer_list>
#include <string>
#include <string_view>

namespace caisson::fuzz {

// To be called from LLVMFuzzerInitialize(): writes the corpus where run-fuzzer asks for it.
inline void write_seeds(std::initializer_list<std::string_view> seeds) {
    const char* directory = getenv("CAISSON_FUZZ_SEEDS");
    if (!directory) return;
    int number = 0;
    for (const std::string_view seed : seeds) {
        std::ofstream(std::string(directory) + "/" + std::to_string(number++)) << seed;
    }
}

// What must hold. Never compiled out.
inline void require(bool holds) {
    if (!holds) abort();
}

}  // namespace caisson::fuzz
