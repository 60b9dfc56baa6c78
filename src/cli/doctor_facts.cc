// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/doctor.h"

namespace caisson::cli {

bool Situation::was_refused_with(std::initializer_list<int> errors) const {
    if (!default_run) return false;
    for (const int error : errors) {
        if (default_run->errno_value == error) return true;
    }
    return false;
}

std::string words_of(const Error& error) {
    Error bare = error;
    bare.hint.clear();
    return bare.text();
}

std::string hint_of(const Error& error) {
    return error.hint.find("caisson doctor") == std::string::npos ? error.hint : std::string();
}

std::optional<std::string> line_of(const char* path) {
    const Result<std::string> content = file::read(path, "doctor");
    if (!content) return {};
    return content.value().substr(0, content.value().find('\n'));
}

std::optional<long> number_of(const char* path) {
    const std::optional<std::string> line = line_of(path);
    if (!line) return {};
    char* end = nullptr;
    const long number = strtol(line->c_str(), &end, 10);
    if (end == line->c_str()) return {};
    return number;
}

std::optional<std::string> process_status(std::string_view field) {
    const Result<std::string> content = file::read("/proc/self/status", "doctor");
    if (!content) return {};
    for (const std::string& line : text::split(content.value(), '\n')) {
        if (!line.starts_with(field) || line.size() <= field.size() + 2) continue;
        if (line[field.size()] == ':') return line.substr(field.size() + 2);  // ":\t"
    }
    return {};
}

bool has_capability(int number) {
    const std::optional<std::string> effective = process_status("CapEff");
    return effective && (strtoull(effective->c_str(), nullptr, 16) >> number & 1) != 0;
}

}  // namespace caisson::cli
