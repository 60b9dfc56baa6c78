// SPDX-License-Identifier: Apache-2.0
//
// Images by name. A file's name can hold neither `/`, nor may it hold `:` where it is to stand in
// a PATH or in a list of binds: ch-image(1) writes % and + in their places.
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>

#include "base/path.h"
#include "caisson/image.h"
#include "image/squashfs.h"

namespace caisson {
namespace {

std::string with(std::string text, char from_slash, char to_slash, char from_colon, char to_colon) {
    for (char& c : text) {
        if (c == from_slash)
            c = to_slash;
        else if (c == from_colon)
            c = to_colon;
    }
    return text;
}

std::string file_name_of(std::string name) {
    return with(std::move(name), '/', '%', ':', '+');
}
std::string name_of(std::string file_name) {
    return with(std::move(file_name), '%', '/', '+', ':');
}

const char* variable(const char* const* environment, const char* name) {
    const size_t length = strlen(name);
    for (; *environment; environment++) {
        if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=') {
            return *environment + length + 1;
        }
    }
    return nullptr;
}

Image image_at(std::string path, const struct stat& found, bool by_name) {
    const ImageForm form = S_ISDIR(found.st_mode)                        ? ImageForm::directory
                           : S_ISREG(found.st_mode) && is_squashfs(path) ? ImageForm::squashfs
                                                                         : ImageForm::unknown;
    return {std::move(path), form, by_name};
}

struct Free {
    void operator()(char* text) const { free(text); }
};
struct Close {
    void operator()(DIR* directory) const { closedir(directory); }
};

std::string real(const std::string& path) {
    const std::unique_ptr<char, Free> found(realpath(path.c_str(), nullptr));
    return found ? std::string(found.get()) : std::string();
}

}  // namespace

std::string default_storage(const char* const* environment, const Host& host) {
    const char* directory = variable(environment, "CH_IMAGE_STORAGE");
    if (directory && *directory) return directory;
    const char* user = variable(environment, "USER");
    if (user) return std::string("/var/tmp/") + user + ".ch";
    const std::optional<Account> account = host.user(host.uid());
    return "/var/tmp/" + (account ? account->name : std::to_string(host.uid())) + ".ch";
}

Result<Image> find_image(const std::string& image, const std::string& storage) {
    struct stat found {};
    if (!image.starts_with('/') && !image.starts_with('.') && !image.empty()) {
        std::string stored = storage + "/img/" + file_name_of(image);
        if (stat(stored.c_str(), &found) == 0) return image_at(std::move(stored), found, true);
    }
    if (stat(image.c_str(), &found) < 0) return Error{"image", "stat", image, errno, {}, {}};
    return image_at(image, found, false);
}

Result<std::vector<StoredImage>> stored_images(const std::string& storage) {
    std::vector<StoredImage> images;
    const std::string path = storage + "/img";
    const std::unique_ptr<DIR, Close> directory(opendir(path.c_str()));
    if (!directory && errno == ENOENT) return images;
    if (!directory) return Error{"image", "opendir", path, errno, {}, {}};
    while (const dirent* entry = readdir(directory.get())) {
        if (entry->d_name[0] == '.') continue;
        images.push_back({name_of(entry->d_name), path + "/" + entry->d_name});
    }
    std::sort(images.begin(), images.end(),
              [](const StoredImage& a, const StoredImage& b) { return a.name < b.name; });
    return images;
}

bool is_inside_storage(const std::string& path, const std::string& storage) {
    const std::string directory = real(storage);
    return !directory.empty() && path::is_within(real(path), directory);
}

}  // namespace caisson
