// SPDX-License-Identifier: Apache-2.0
//
// The command's own <string.h>, linked in place of libc's. Each is tried at every place near the
// end of a page behind which nothing is mapped: none may look further than its text.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <wchar.h>

#include <string>

extern "C" char __executable_start, etext;  // the linker's: from where to where this program is

namespace {

constexpr size_t page = 4096;

// A copy whose last byte is the last that can be read.
char* at_the_end(std::string_view bytes) {
    static char* const pages = static_cast<char*>(
        mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    mprotect(pages + page, page, PROT_NONE);
    char* begin = pages + page - bytes.size();
    for (size_t i = 0; i < bytes.size(); i++)
        begin[i] = bytes[i];
    return begin;
}

char* text(const std::string& words) {
    return at_the_end({words.c_str(), words.size() + 1});
}

int sign(int number) {
    return (number > 0) - (number < 0);
}

TEST(Strings, CopiesAndFills) {
    char to[8] = "-------";
    EXPECT_EQ(memcpy(to, at_the_end("abc"), 3), to);
    EXPECT_STREQ(to, "abc----");
    EXPECT_EQ(mempcpy(to, "xy", 2), to + 2);
    EXPECT_EQ(memset(to, '.', 2), to);
    EXPECT_STREQ(to, "..c----");
    EXPECT_EQ(memcpy(to, "", 0), to);
}

TEST(Strings, MovesWhatOverlaps) {
    for (const auto& [from, destination, wanted] :
         {std::tuple{0, 2, "ababcdgh"}, {2, 0, "cdefefgh"}, {3, 3, "abcdefgh"}}) {
        char memory[] = "abcdefgh";
        EXPECT_EQ(memmove(memory + destination, memory + from, 4), memory + destination);
        EXPECT_STREQ(memory, wanted);
    }
}

TEST(Strings, FindsBytes) {
    const char* memory = at_the_end("a/b/c");
    EXPECT_EQ(memchr(memory, '/', 5), memory + 1);
    EXPECT_EQ(memchr(memory, '/' + 256, 5), memory + 1);
    EXPECT_EQ(memchr(memory, 'x', 5), nullptr);
    EXPECT_EQ(memchr(memory, 'c', 4), nullptr);
    EXPECT_EQ(memrchr(memory, '/', 5), memory + 3);
    EXPECT_EQ(memrchr(memory, '/', 3), memory + 1);
    EXPECT_EQ(memrchr(memory, 'x', 5), nullptr);
    EXPECT_EQ(rawmemchr(memory, 'c'), memory + 4);
}

TEST(Strings, MeasuresText) {
    for (size_t size = 0; size < 40; size++) {
        const char* words = text(std::string(size, 'x'));
        EXPECT_EQ(strlen(words), size);
        EXPECT_EQ(strnlen(words, 10), std::min<size_t>(size, 10));
        EXPECT_EQ(strchr(words, '\0'), words + size);
        EXPECT_EQ(strrchr(words, '\0'), words + size);
        EXPECT_EQ(strchrnul(words, '/'), words + size);
    }
    EXPECT_EQ(strnlen(at_the_end("abc"), 3), 3U);
}

TEST(Strings, Compares) {
    const struct {
        const char *a, *b;
        int wanted, without_case;
    } cases[] = {{"", "", 0, 0},      {"a", "a", 0, 0},    {"a", "b", -1, -1}, {"a", "ab", -1, -1},
                 {"ab", "a", 1, 1},   {"", "a", -1, -1},   {"a", "A", 1, 0},   {"aZ", "Az", 1, 0},
                 {"\xff", "a", 1, 1}, {"a[", "a{", -1, -1}};
    for (const auto& [a, b, wanted, without_case] : cases) {
        SCOPED_TRACE(std::string(a) + " " + b);
        const size_t size = std::min(strlen(a), strlen(b)) + 1;
        EXPECT_EQ(sign(strcmp(text(a), b)), wanted);
        EXPECT_EQ(sign(strcmp(a, text(b))), wanted);
        EXPECT_EQ(sign(strncmp(text(a), b, 9)), wanted);
        EXPECT_EQ(sign(memcmp(a, b, size)), wanted);
        EXPECT_EQ(sign(strcasecmp(text(a), b)), without_case);
        EXPECT_EQ(sign(strncasecmp(a, text(b), 9)), without_case);
    }
    EXPECT_EQ(strncmp(at_the_end("abx"), "aby", 2), 0);
    EXPECT_EQ(memcmp("a", "b", 0), 0);
}

TEST(Strings, CopiesText) {
    char to[8] = "-------";
    EXPECT_EQ(strcpy(to, text("abc")), to);
    EXPECT_STREQ(to, "abc");
    EXPECT_EQ(to[4], '-');
    EXPECT_EQ(stpcpy(to, "x"), to + 1);
    EXPECT_EQ(strcat(to, text("yz")), to);
    EXPECT_STREQ(to, "xyz");
    EXPECT_EQ(strncat(to, at_the_end("abc"), 3), to);
    EXPECT_STREQ(to, "xyzabc");
    EXPECT_EQ(stpncpy(to, "12", 4), to + 2);
    EXPECT_EQ(std::string(to, 7), std::string("12\0\0bc\0", 7));
    EXPECT_EQ(strncpy(to, at_the_end("abc"), 3), to);
    EXPECT_EQ(std::string(to, 4), std::string("abc\0", 4));
}

TEST(Strings, FindsInText) {
    const char* words = text("a=b:c=d");
    EXPECT_EQ(strchr(words, '='), words + 1);
    EXPECT_EQ(strrchr(words, '='), words + 5);
    EXPECT_EQ(strchr(words, 'x'), nullptr);
    EXPECT_EQ(strrchr(words, 'x'), nullptr);
    EXPECT_EQ(strchrnul(words, ':'), words + 3);
    EXPECT_EQ(strspn(words, "ab="), 3U);
    EXPECT_EQ(strcspn(words, ":="), 1U);
    EXPECT_EQ(strcspn(words, ""), 7U);
    EXPECT_EQ(strpbrk(words, ":c"), words + 3);
    EXPECT_EQ(strpbrk(words, "x"), nullptr);
    EXPECT_EQ(strstr(words, "c=d"), words + 4);
    EXPECT_EQ(strstr(words, "c=dd"), nullptr);
    EXPECT_EQ(strstr(words, ""), words);
}

TEST(Strings, WideText) {
    wchar_t to[8];
    EXPECT_EQ(wcslen(L"abc"), 3U);
    EXPECT_EQ(wcsnlen(L"abc", 2), 2U);
    EXPECT_EQ(wcscpy(to, L"abc"), to);
    EXPECT_EQ(wmemcmp(to, L"abc", 4), 0);
    EXPECT_EQ(sign(wmemcmp(to, L"abd", 3)), -1);
    EXPECT_EQ(wmemchr(to, L'c', 3), to + 2);
    EXPECT_EQ(wmemset(to, L'x', 2), to);
    EXPECT_EQ(wmemcmp(to, L"xxc", 3), 0);
}

// That they are the ones under test.
TEST(Strings, AreOurs) {
    for (const void* function :
         {reinterpret_cast<void*>(strlen), reinterpret_cast<void*>(memcpy)}) {
        EXPECT_GT(function, &__executable_start);
        EXPECT_LT(function, &etext);
    }
}

}  // namespace
