// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>

#include <bit>

#include "base/text.h"
#include "base/try.h"
#include "cli/memfd.h"
#include "plan/hints.h"

namespace caisson::cli {
namespace {

Error wrong(std::string reason, std::string hint = {}) {
    return {{}, {}, {}, 0, std::move(reason), std::move(hint)};
}

}  // namespace

Result<uint64_t> size_of(const std::string& text) {
    constexpr std::string_view units = "kMGT";
    std::string_view digits = text;
    unsigned shift = 0;
    if (const size_t unit = digits.empty() ? units.npos : units.find(digits.back());
        unit != units.npos) {
        shift = 10 * (static_cast<unsigned>(unit) + 1);
        digits.remove_suffix(1);
    }
    const auto number = text::number(digits, static_cast<uint64_t>(INT64_MAX) >> shift);
    if (!number) return wrong("is no size in bytes: 4096, 64k, 2M, 1G");
    return *number << shift;
}

Result<Seals> seals_of(const std::string& letters) {
    constexpr struct {
        char letter;
        Seals seal;
    } known[] = {{'g', Seals::grow},         {'s', Seals::shrink}, {'w', Seals::write},
                 {'W', Seals::future_write}, {'S', Seals::seal},   {'x', Seals::exec}};
    Seals seals = Seals::none;
    for (const char letter : letters) {
        bool found = false;
        for (const auto& one : known) {
            if (letter != one.letter) continue;
            seals = seals | one.seal;
            found = true;
        }
        if (!found) {
            return wrong("there is no such seal",
                         "g grow, s shrink, w write, W future write, S seal, x exec");
        }
    }
    return seals;
}

Result<void> set_huge_pages(MemfdRequest& request, const char* value) {
    request.huge_pages.emplace();
    if (!value) return {};
    const uint64_t size = TRY(size_of(value));
    if (!std::has_single_bit(size)) return wrong("is no power of two");
    request.huge_pages->log2_bytes = static_cast<unsigned>(std::countr_zero(size));
    return {};
}

Result<Fd> open_fill(const std::string& path) {
    Fd fd(path == "-" ? fcntl(0, F_DUPFD_CLOEXEC, 3) : open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (fd) return fd;
    const int error = errno;
    return Error{"memory file", "open", path,
                 error,         {},     std::string(plan::hint_for("memory file", "open", error))};
}

}  // namespace caisson::cli
