// SPDX-License-Identifier: Apache-2.0
//
// Words and paths: what always holds of them.
#include "base/path.h"
#include "base/text.h"
#include "caisson/policy.h"
#include "fuzz/seeds.h"

using namespace caisson;

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    fuzz::write_seeds({"/a//b/./c/../d/", "../..", "18446744073709551615", "CAP_NET_ADMIN",
                       "a:b::c", "\x1b[31m\"\\\n\t", "/", "", "kitten|sitting"});
    return 0;
}

namespace {

void check_text(const std::string& text) {
    fuzz::require(text::join(text::split(text, ':'), ":") == text);
    const std::string quoted = text::quoted(text);
    for (const char c : quoted)
        fuzz::require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
    fuzz::require(quoted.size() >= 2 && quoted.front() == '"' && quoted.back() == '"');
    const size_t bar = text.find('|');
    const std::string_view left = std::string_view(text).substr(0, bar);
    const std::string_view right =
        bar == std::string::npos ? std::string_view() : std::string_view(text).substr(bar + 1);
    const size_t apart = text::distance(left, right);
    fuzz::require(apart == text::distance(right, left));
    fuzz::require(apart <= std::max(left.size(), right.size()));
    fuzz::require((apart == 0) == (left == right));
    if (const auto number = text::number(text)) {
        fuzz::require(text::number(std::to_string(*number)) == number);
    }
    if (const auto set = CapabilitySet::named(text)) {
        fuzz::require(CapabilitySet::named(set->text()) == set);
    }
}

void check_path(const std::string& text) {
    const std::string tidy = path::tidy(text);
    fuzz::require(!tidy.empty() && path::tidy(tidy) == tidy);
    fuzz::require(path::is_absolute(tidy) == path::is_absolute(text));
    fuzz::require(tidy.find("//") == std::string::npos);
    fuzz::require(tidy == "/" || tidy.back() != '/');
    if (!path::is_absolute(tidy)) return;
    fuzz::require(path::is_within(tidy, path::parent(tidy)));
    fuzz::require(path::is_within(tidy, tidy) && path::is_within(tidy, "/"));
    fuzz::require(path::rest(tidy, tidy).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    check_text(text);
    check_path(text);
    return 0;
}
