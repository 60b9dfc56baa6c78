// SPDX-License-Identifier: Apache-2.0
//
// The values of --bind, --tmpfs and --mount.
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "base/text.h"
#include "base/try.h"
#include "cli/run_values.h"

namespace caisson::cli {
namespace {

Error wrong(std::string reason, std::string hint = {}) {
    return {{}, {}, {}, 0, std::move(reason), std::move(hint)};
}

// The part of a mount that is said alike everywhere. False: not one of these words.
bool set_attribute(MountAttributes& attributes, std::string_view word) {
    if (word == "ro" || word == "readonly")
        attributes.read_only = true;
    else if (word == "rw")
        attributes.read_only = false;
    else if (word == "nosuid")
        attributes.nosuid = true;
    else if (word == "nodev")
        attributes.nodev = true;
    else if (word == "noexec")
        attributes.noexec = true;
    else if (word == "suid")
        attributes.nosuid = false;
    else if (word == "dev")
        attributes.nodev = false;
    else if (word == "exec")
        attributes.noexec = false;
    else
        return false;
    return true;
}

// Sources are looked up where the caller stands; the child will stand elsewhere.
Result<std::string> host_path(const std::string& path) {
    if (path.empty()) return wrong("no source provided");
    if (path::is_absolute(path)) return path;
    char* here = getcwd(nullptr, 0);
    if (!here) return wrong("the working directory has no path: use an absolute source");
    std::string absolute = path::tidy(std::string(here) + "/" + path);
    free(here);
    return absolute;
}

Result<mode_t> octal(std::string_view value) {
    mode_t mode = 0;
    for (const char c : value) {
        if (c < '0' || c > '7' || mode > 07777) return wrong("a mode is octal, as in 1777");
        mode = mode * 8 + static_cast<mode_t>(c - '0');
    }
    if (value.empty() || mode > 07777) return wrong("a mode is octal, as in 1777");
    return mode;
}

Result<void> set_bind_option(Bind& bind, const std::string& word) {
    if (word == "try")
        bind.if_absent = IfAbsent::skip;
    else if (word == "merge")
        bind.mount = BindMount::merged;
    else if (word == "norec" || word == "bind-nonrecursive")
        bind.recursive = false;
    else if (word == "rec" || word == "rbind")
        bind.recursive = true;
    else if (!set_attribute(bind.attributes, word)) {
        return wrong("unknown option " + text::quoted(word),
                     "options are ro, rw, try, merge, nosuid, nodev, noexec, norec");
    }
    return {};
}

Result<void> set_tmpfs_option(Tmpfs& tmpfs, const std::string& word) {
    if (word.starts_with("size="))
        tmpfs.size = word.substr(5);
    else if (word.starts_with("mode="))
        tmpfs.mode = TRY(octal(word.substr(5)));
    else if (!set_attribute(tmpfs.attributes, word)) {
        return wrong("unknown option " + text::quoted(word),
                     "options are size=, mode=, ro, nosuid, nodev, noexec, suid, dev, exec");
    }
    return {};
}

// --mount's pairs, the type taken out. A word without = is a pair with an empty value.
struct Pairs {
    std::string type;
    std::string source;
    std::string destination;
    std::vector<std::pair<std::string, std::string>> rest;
};

Result<Pairs> parse_pairs(const char* value) {
    Pairs pairs;
    for (const std::string& word : text::split(value, ',')) {
        const size_t equals = word.find('=');
        const std::string key = word.substr(0, equals);
        const std::string right = equals == std::string::npos ? "" : word.substr(equals + 1);
        if (key == "type")
            pairs.type = right;
        else if (key == "src" || key == "source")
            pairs.source = right;
        else if (key == "dst" || key == "destination" || key == "target")
            pairs.destination = right;
        else
            pairs.rest.emplace_back(key, right);
    }
    return pairs;
}

Error unknown_key(const Pairs& pairs, const std::string& key) {
    return wrong("type=" + pairs.type + " has no key " + text::quoted(key));
}

// "ro", "ro=true" and "ro=false", as podman takes them.
std::string attribute_word(const std::string& key, const std::string& value) {
    const bool negated = value == "false" || value == "0";
    if (!negated) return key;
    if (key == "ro" || key == "readonly") return "rw";
    if (key == "rw") return "ro";
    return key.starts_with("no") ? key.substr(2) : "no" + key;
}

template <typename Kind>
Result<void> set_attributes(Kind& mount, const Pairs& pairs) {
    for (const auto& [key, value] : pairs.rest) {
        if (!set_attribute(mount.attributes, attribute_word(key, value))) {
            return unknown_key(pairs, key);
        }
    }
    return {};
}

Result<Mount> bind_of(const Pairs& pairs) {
    Bind bind;
    bind.from = TRY(host_path(pairs.source));
    bind.to = pairs.destination.empty() ? bind.from : pairs.destination;
    for (const auto& [key, value] : pairs.rest) {
        // Propagation is always that of a slave here; both spellings of it change nothing.
        if (key == "bind-propagation" && (value == "rslave" || value == "slave")) continue;
        if (!set_bind_option(bind, attribute_word(key, value))) return unknown_key(pairs, key);
    }
    return Mount(bind);
}

Result<Mount> tmpfs_of(const Pairs& pairs) {
    Tmpfs tmpfs;
    tmpfs.to = pairs.destination;
    tmpfs.mode = 01777;
    for (const auto& [key, value] : pairs.rest) {
        if (key == "tmpfs-size" || key == "size")
            tmpfs.size = value;
        else if (key == "tmpfs-mode" || key == "mode")
            tmpfs.mode = TRY(octal(value));
        else if (!set_attribute(tmpfs.attributes, attribute_word(key, value))) {
            return unknown_key(pairs, key);
        }
    }
    return Mount(tmpfs);
}

Result<Mount> overlay_of(const Pairs& pairs) {
    Overlay overlay;
    overlay.to = pairs.destination;
    if (!pairs.source.empty()) overlay.lower.push_back(TRY(host_path(pairs.source)));
    for (const auto& [key, value] : pairs.rest) {
        if (key == "lowerdir") {
            for (const std::string& layer : text::split(value, ':')) {
                overlay.lower.push_back(TRY(host_path(layer)));
            }
        } else if (key == "upperdir") {
            overlay.upper = TRY(host_path(value));
        } else if (key == "workdir") {
            overlay.work = TRY(host_path(value));
        } else if (!set_attribute(overlay.attributes, attribute_word(key, value))) {
            return unknown_key(pairs, key);
        }
    }
    return Mount(overlay);
}

template <typename Kind>
Result<Mount> kernel_mount_of(const Pairs& pairs) {
    Kind mount;
    if (!pairs.destination.empty()) mount.to = pairs.destination;
    TRY(set_attributes(mount, pairs));
    return Mount(mount);
}

Result<Mount> mount_of(const Pairs& pairs) {
    if (pairs.type == "bind") return bind_of(pairs);
    if (pairs.type == "tmpfs") return tmpfs_of(pairs);
    if (pairs.type == "overlay") return overlay_of(pairs);
    if (pairs.type == "proc") return kernel_mount_of<Proc>(pairs);
    if (pairs.type == "mqueue") return kernel_mount_of<Mqueue>(pairs);
    if (pairs.type == "devpts") return kernel_mount_of<Devpts>(pairs);
    return wrong(pairs.type.empty() ? "type= is missing" : "there is no type " + pairs.type,
                 "types are bind, tmpfs, overlay, proc, mqueue, devpts");
}

}  // namespace

Result<void> add_bind(RunRequest& request, const char* value) {
    const std::vector<std::string> parts = text::split(value, ':');
    if (parts.size() > 3) {
        return wrong("has more than two colons", "--mount type=bind,src=…,dst=… takes such paths");
    }
    Bind bind;
    bind.from = TRY(host_path(parts[0]));
    bind.to = parts.size() > 1 ? parts[1] : bind.from;
    if (parts.size() > 1 && bind.to.empty()) return wrong("no destination provided");
    if (parts.size() == 3) {
        for (const std::string& word : text::split(parts[2], ','))
            TRY(set_bind_option(bind, word));
    }
    request.spec.mounts.push_back(std::move(bind));
    return {};
}

Result<void> add_tmpfs(RunRequest& request, const char* value) {
    const char* colon = strchr(value, ':');
    Tmpfs tmpfs;
    tmpfs.to = colon ? std::string(value, colon) : value;
    tmpfs.mode = 01777;
    tmpfs.attributes = {.nosuid = true, .nodev = true};
    if (colon) {
        for (const std::string& word : text::split(colon + 1, ',')) {
            TRY(set_tmpfs_option(tmpfs, word));
        }
    }
    request.spec.mounts.push_back(std::move(tmpfs));
    return {};
}

Result<void> set_overlay(RunRequest& request, const char* value) {
    if (!*value) return wrong("no directory provided");
    std::string layer = TRY(host_path(value));
    TRY(set_writes(request, RootWrites::layered, nullptr));
    request.spec.root->layer = std::move(layer);
    return {};
}

Result<void> add_mount(RunRequest& request, const char* value) {
    const Pairs pairs = TRY(parse_pairs(value));
    request.spec.mounts.push_back(TRY(mount_of(pairs)));
    return {};
}

}  // namespace caisson::cli
