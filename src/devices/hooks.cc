// SPDX-License-Identifier: Apache-2.0
//
// The hooks of vendors, by what they do. Source: nvidia-container-toolkit 1.13 to 1.18, commands
// `nvidia-ctk hook` and `nvidia-cdi-hook`.
#include "devices/hooks.h"

#include "base/path.h"
#include "base/text.h"
#include "devices/members.h"

namespace caisson::devices {
namespace {

struct Option {
    std::string name;
    std::string value;
};
using Options = std::vector<Option>;

// --name value, --name=value, and both with one dash.
Options options_of(const std::vector<std::string>& words, size_t begin) {
    Options options;
    for (size_t i = begin; i < words.size(); i++) {
        const std::string& word = words[i];
        const size_t dashes = word.starts_with("--") ? 2 : word.starts_with("-") ? 1 : 0;
        if (dashes == 0) continue;
        const size_t equals = word.find('=');
        if (equals != std::string::npos) {
            options.push_back({word.substr(dashes, equals - dashes), word.substr(equals + 1)});
            continue;
        }
        options.push_back({word.substr(dashes), {}});
        if (i + 1 < words.size() && !words[i + 1].starts_with("-")) {
            options.back().value = words[++i];
        }
    }
    return options;
}

bool is_plain(const std::string& path) {
    return path::is_absolute(path) && !has_dotdot(path) && path.size() < PATH_MAX;
}

std::string add_folders(const Options& options, std::vector<std::string>& list) {
    for (const Option& option : options) {
        if (option.name != "folder") continue;
        if (!is_plain(option.value)) return "has a --folder that is no absolute path";
        list.push_back(option.value);
    }
    return {};
}

std::string update_ldcache(const Options& options, DeviceEdits& edits) {
    return add_folders(options, edits.libraries);
}

std::string create_soname_symlinks(const Options& options, DeviceEdits& edits) {
    return add_folders(options, edits.soname_libraries);
}

// --link TARGET::LINK
std::string create_symlinks(const Options& options, DeviceEdits& edits) {
    for (const Option& option : options) {
        if (option.name != "link") continue;
        const size_t colons = option.value.find("::");
        if (colons == std::string::npos || colons == 0) return "has a --link without TARGET::LINK";
        const std::string link = option.value.substr(colons + 2);
        if (!is_plain(link)) return "has a --link whose place is no absolute path";
        edits.links.push_back({link, option.value.substr(0, colons)});
    }
    return {};
}

// Modes of device directories, for a /dev that a runtime makes; ours is the host's, or small.
// And a driver that makes no device nodes by itself: an ordinary user can't make any.
std::string nothing_to_do(const Options&, DeviceEdits&) {
    return {};
}

std::string enable_cuda_compat(const Options&, DeviceEdits& edits) {
    edits.warnings.emplace_back(
        "enable-cuda-compat is not carried out: the image's newer CUDA libraries are not "
        "preferred");
    return {};
}

constexpr struct {
    const char* name;
    std::string (*translate)(const Options& options, DeviceEdits& edits);
} known_hooks[] = {
    {"update-ldcache", update_ldcache},
    {"create-symlinks", create_symlinks},
    {"create-soname-symlinks", create_soname_symlinks},
    {"chmod", nothing_to_do},
    {"disable-device-node-modification", nothing_to_do},
    {"enable-cuda-compat", enable_cuda_compat},
};

// Where the name of what is to be done stands: behind `nvidia-ctk hook`, or behind the other two,
// which have been the same program by other names. 0: some other program.
size_t position_of_name(const std::string& path, const std::vector<std::string>& words) {
    const std::string program = path.substr(path.rfind('/') + 1);
    if (program == "nvidia-cdi-hook" || program == "nvidia-ctk-hook") return 1;
    return program == "nvidia-ctk" && words.size() > 1 && words[1] == "hook" ? 2 : 0;
}

}  // namespace

std::string translate_hook(const std::string& path, const std::vector<std::string>& words,
                           DeviceEdits& edits) {
    const size_t position = position_of_name(path, words);
    if (position > 0 && position < words.size()) {
        for (const auto& known : known_hooks) {
            if (words[position] != known.name) continue;
            return known.translate(options_of(words, position + 1), edits);
        }
    }
    edits.warnings.push_back(
        "hook " +
        text::quoted(
            words.empty() ? path : path + " " + text::join({words.begin() + 1, words.end()}, " ")) +
        " is not known here, and is not carried out");
    return {};
}

}  // namespace caisson::devices
