// SPDX-License-Identifier: Apache-2.0
#include "base/path.h"

namespace caisson::path {

bool is_absolute(std::string_view path) {
    return !path.empty() && path.front() == '/';
}

std::string tidy(std::string_view path) {
    std::string out;
    const bool absolute = is_absolute(path);
    while (!path.empty()) {
        const size_t end = path.find('/');
        const std::string_view component = path.substr(0, end);
        if (!component.empty() && component != ".") {
            if (absolute || !out.empty()) out += '/';
            out += component;
        }
        if (end == std::string_view::npos) break;
        path.remove_prefix(end + 1);
    }
    if (out.empty()) out = absolute ? "/" : ".";
    return out;
}

std::string collapsed(std::string_view path) {
    std::string out;
    const std::string all = tidy(path) + "/";
    for (size_t begin = 0, end; (end = all.find('/', begin)) != std::string::npos;
         begin = end + 1) {
        const std::string_view name = std::string_view(all).substr(begin, end - begin);
        if (name == "..") {
            out.erase(out.empty() ? 0 : out.rfind('/'));
        } else if (!name.empty()) {
            out.append("/").append(name);
        }
    }
    return out.empty() ? "/" : out;
}

bool is_within(std::string_view path, std::string_view directory) {
    if (directory == "/") return is_absolute(path);
    if (!path.starts_with(directory)) return false;
    return path.size() == directory.size() || path[directory.size()] == '/';
}

std::string_view rest(std::string_view path, std::string_view directory) {
    if (directory == "/") return path == "/" ? std::string_view() : path;
    return path.substr(directory.size());
}

std::string parent(std::string_view path) {
    const size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return ".";
    return slash == 0 ? "/" : std::string(path.substr(0, slash));
}

}  // namespace caisson::path
