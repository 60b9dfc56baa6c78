// SPDX-License-Identifier: Apache-2.0
//
// Words about paths as text; nothing here looks at a file system.
#pragma once

#include <string>
#include <string_view>

namespace caisson::path {

bool is_absolute(std::string_view path);
// One slash between components, none at the end, no ".": "/a//b/./c/" is "/a/b/c". `..` stays.
std::string tidy(std::string_view path);
// The same with each `..` taken at its word, whatever links there are: "/a/../b" is "/b".
std::string collapsed(std::string_view path);
// Whether `path` is `directory` or lies below it. Both tidy.
bool is_within(std::string_view path, std::string_view directory);
// What leads from `directory` to `path`, "" or "/…"; only where is_within().
std::string_view rest(std::string_view path, std::string_view directory);
std::string parent(std::string_view path);

}  // namespace caisson::path
