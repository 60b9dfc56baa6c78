// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <gtest/gtest.h>

namespace caisson::text {
namespace {

using Strings = std::vector<std::string>;

TEST(Text, SplitGivesThePartsBetweenSeparators) {
    const struct {
        const char* text;
        Strings parts;
    } table[] = {
        {"", {""}},
        {"a", {"a"}},
        {"a:b", {"a", "b"}},
        {":", {"", ""}},
        {"a::b:", {"a", "", "b", ""}},
    };
    for (const auto& row : table) {
        EXPECT_EQ(split(row.text, ':'), row.parts) << row.text;
        EXPECT_EQ(join(split(row.text, ':'), ":"), row.text);
    }
}

TEST(Text, JoinTakesNoPartsAndEmptyOnes) {
    EXPECT_EQ(join({}, ", "), "");
    EXPECT_EQ(join({"a"}, ", "), "a");
    EXPECT_EQ(join({"", ""}, ", "), ", ");
}

TEST(Text, NumberIsWholeDecimalAndFits) {
    const struct {
        const char* text;
        uint64_t most;
        std::optional<uint64_t> value;
    } table[] = {
        {"0", UINT64_MAX, 0},
        {"007", UINT64_MAX, 7},
        {"18446744073709551615", UINT64_MAX, UINT64_MAX},
        {"18446744073709551616", UINT64_MAX, {}},
        {"4294967294", 4294967294, 4294967294},
        {"4294967295", 4294967294, {}},
        {"", UINT64_MAX, {}},
        {"-1", UINT64_MAX, {}},
        {"+1", UINT64_MAX, {}},
        {" 1", UINT64_MAX, {}},
        {"1 ", UINT64_MAX, {}},
        {"0x10", UINT64_MAX, {}},
        {"1.0", UINT64_MAX, {}},
        {"1e3", UINT64_MAX, {}},
    };
    for (const auto& row : table)
        EXPECT_EQ(number(row.text, row.most), row.value) << row.text;
}

TEST(Text, QuotedIsOneLineWhateverComes) {
    const struct {
        std::string_view text;
        const char* quoted;
    } table[] = {
        {"", R"("")"},
        {"/a b", R"("/a b")"},
        {"a\nb", R"("a\nb")"},
        {"a\tb\rc", R"("a\x09b\x0dc")"},
        {"say \"hi\" \\ bye", R"("say \"hi\" \\ bye")"},
        {std::string_view("a\0b", 3), R"("a\x00b")"},
        {"\x1b[31m", R"("\x1b[31m")"},
        {"\x7f", R"("\x7f")"},
        {"grün", R"("grün")"},
    };
    for (const auto& row : table)
        EXPECT_EQ(quoted(row.text), row.quoted);
}

TEST(Text, DistanceCountsLettersToChange) {
    const struct {
        const char* a;
        const char* b;
        size_t distance;
    } table[] = {{"", "", 0},         {"", "abc", 3},          {"bind", "bind", 0},
                 {"bind", "bnd", 1},  {"bind", "bindd", 1},    {"bind", "band", 1},
                 {"bind", "bidn", 2}, {"kitten", "sitting", 3}};
    for (const auto& row : table) {
        EXPECT_EQ(distance(row.a, row.b), row.distance) << row.a << " " << row.b;
        EXPECT_EQ(distance(row.b, row.a), row.distance) << row.b << " " << row.a;
    }
}

TEST(Text, NearestIsWhatWasProbablyMeant) {
    const Strings options = {"--bind", "--hostname", "--tmpfs", "--timeout"};
    const struct {
        const char* word;
        const char* nearest;
    } table[] = {
        {"--bnd", "--bind"},       {"--hostnam", "--hostname"}, {"--tmpf", "--tmpfs"},
        {"--timout", "--timeout"}, {"--zzzzzzzz", ""},          {"", ""},
    };
    for (const auto& row : table)
        EXPECT_EQ(nearest(row.word, options), row.nearest) << row.word;
    EXPECT_EQ(nearest("x", {}), "");
}

}  // namespace
}  // namespace caisson::text
