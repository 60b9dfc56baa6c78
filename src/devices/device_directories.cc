// SPDX-License-Identifier: Apache-2.0
//
// Which file describes the device that somebody asks for.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "base/try.h"
#include "caisson/devices.h"
#include "caisson/fd.h"

namespace caisson {
namespace devices {
namespace {

// nvidia-ctk writes some 30 KB for a machine of eight GPUs.
constexpr size_t most_bytes = 4 << 20;

struct Opened {
    Fd fd;
    std::pair<dev_t, ino_t> identity;
};

// Not by way of a FIFO that nobody writes to, or a terminal.
Result<Opened> open_file(const std::string& path) {
    Opened file{Fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)), {}};
    if (!file.fd) return Error{"devices", "open", path, errno, {}, {}};
    struct stat found {};
    if (fstat(file.fd.get(), &found) < 0) return Error{"devices", "fstat", path, errno, {}, {}};
    if (!S_ISREG(found.st_mode)) return Error{"devices", "open", path, 0, "is no file", {}};
    file.identity = {found.st_dev, found.st_ino};
    return file;
}

Result<std::string> content_of(const Fd& fd, const std::string& path) {
    std::string content;
    char buffer[16384];
    for (;;) {
        const ssize_t got = read(fd.get(), buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return Error{"devices", "read", path, errno, {}, {}};
        if (got == 0) return content;
        content.append(buffer, static_cast<size_t>(got));
        if (content.size() > most_bytes) {
            return Error{"devices", "read", path, 0, "is larger than 4 MiB", {}};
        }
    }
}

Result<DeviceSpec> read_spec(const std::string& path) {
    const Opened file = TRY(open_file(path));
    return parse_device_spec(TRY(content_of(file.fd, path)), path);
}

struct Found {
    DeviceSpec spec;
    size_t directory = 0;
};

// All that the directories have.
class Registry {
  public:
    Result<void> read(const std::vector<std::string>& directories) {
        for (size_t i = 0; i < directories.size(); i++)
            TRY(read_directory(directories[i], i));
        return {};
    }

    const std::vector<Found>& specs() const { return specs_; }
    bool saw_yaml() const { return saw_yaml_; }

  private:
    // One that is missing has no devices; one that can't be read is an error.
    Result<void> read_directory(const std::string& directory, size_t number) {
        DIR* opened = opendir(directory.c_str());
        if (!opened && errno == ENOENT) return {};
        if (!opened) return Error{"devices", "opendir", directory, errno, {}, {}};
        std::vector<std::string> names;
        while (const dirent* entry = readdir(opened)) {
            const std::string_view name = entry->d_name;
            if (name.ends_with(".json")) names.emplace_back(name);
            if (name.ends_with(".yaml") || name.ends_with(".yml")) saw_yaml_ = true;
        }
        closedir(opened);
        std::sort(names.begin(), names.end());
        for (const std::string& name : names)
            TRY(read_file(directory + "/" + name, number));
        return {};
    }

    // /var/run is /run, and people link one directory to the other: each file counts once.
    Result<void> read_file(const std::string& path, size_t directory) {
        const Opened file = TRY(open_file(path));
        if (!seen_.insert(file.identity).second) return {};
        specs_.push_back({TRY(parse_device_spec(TRY(content_of(file.fd, path)), path)), directory});
        return {};
    }

    std::vector<Found> specs_;
    std::set<std::pair<dev_t, ino_t>> seen_;
    bool saw_yaml_ = false;
};

struct Choice {
    const DeviceSpec* spec = nullptr;
    const Device* device = nullptr;
};

const Device* named(const DeviceSpec& spec, const std::string& name) {
    for (const Device& device : spec.devices) {
        if (device.name == name) return &device;
    }
    return nullptr;
}

// The last directory that describes it, which has to do so in one file.
Result<Choice> choose(const std::vector<Found>& specs, const std::string& kind,
                      const std::string& name) {
    const Found* chosen = nullptr;
    for (const Found& one : specs) {
        if (one.spec.kind != kind || !named(one.spec, name)) continue;
        if (chosen && chosen->directory == one.directory) {
            return Error{"devices",
                         "",
                         kind + "=" + name,
                         0,
                         "is described by both " + chosen->spec.path + " and " + one.spec.path,
                         {}};
        }
        chosen = &one;  // directories come in their order
    }
    if (!chosen) return Choice{};
    return Choice{&chosen->spec, named(chosen->spec, name)};
}

template <typename List>
void append(List& to, const List& from) {
    to.insert(to.end(), from.begin(), from.end());
}

void append_edits(DeviceEdits& to, const DeviceEdits& from) {
    append(to.environment, from.environment);
    append(to.nodes, from.nodes);
    append(to.mounts, from.mounts);
    append(to.links, from.links);
    append(to.libraries, from.libraries);
    append(to.soname_libraries, from.soname_libraries);
    append(to.warnings, from.warnings);
}

// Collects what is chosen, each device and each file's own part once.
class Collector {
  public:
    void add(const Choice& choice, DeviceEdits& edits) {
        if (specs_.insert(choice.spec).second) append_edits(edits, choice.spec->edits);
        if (devices_.insert(choice.device).second) append_edits(edits, choice.device->edits);
    }

  private:
    std::set<const DeviceSpec*> specs_;
    std::set<const Device*> devices_;
};

bool is_path(const std::string& selector) {
    return selector.starts_with('/') || selector.starts_with('.');
}

class Finder {
  public:
    Result<DeviceEdits> find(const std::string& selector,
                             const std::vector<std::string>& directories) {
        DeviceEdits edits;
        if (is_path(selector)) {
            files_.push_back(std::make_unique<DeviceSpec>(TRY(read_spec(selector))));
            for (const Device& device : files_.back()->devices)
                collector_.add({files_.back().get(), &device}, edits);
            return edits;
        }
        if (!has_registry_) TRY(registry_.read(directories));
        has_registry_ = true;
        const size_t equals = selector.find('=');
        const std::string kind = selector.substr(0, equals);
        const std::string name = equals == std::string::npos ? "" : selector.substr(equals + 1);
        const size_t found = TRY(add_matching(kind, name, edits));
        if (found == 0 && selector != "all") return unknown(selector, directories);
        return edits;
    }

  private:
    // How many devices were found. "" is any name; and so is "all" where no device is called that.
    Result<size_t> add_matching(const std::string& kind, const std::string& name,
                                DeviceEdits& edits) {
        if (!name.empty()) {
            const Choice choice = TRY(choose(registry_.specs(), kind, name));
            if (choice.device) collector_.add(choice, edits);
            if (choice.device || name != "all") return choice.device ? 1 : 0;
        }
        size_t found = 0;
        for (const Found& one : registry_.specs()) {
            if (kind != "all" && one.spec.kind != kind) continue;
            for (const Device& device : one.spec.devices) {
                collector_.add(TRY(choose(registry_.specs(), one.spec.kind, device.name)), edits);
                found++;
            }
        }
        return found;
    }

    Error unknown(const std::string& selector, const std::vector<std::string>& directories) const {
        std::string hint;
        for (const Found& one : registry_.specs()) {
            for (const Device& device : one.spec.devices) {
                hint += (hint.empty() ? "there are: " : ", ") + one.spec.kind + "=" + device.name;
            }
        }
        if (hint.empty()) hint = "there are none in " + text::join(directories, " and ");
        if (registry_.saw_yaml()) {
            hint += "; YAML is not read: `nvidia-ctk cdi generate --format=json` writes JSON";
        }
        return {"devices", "", selector, 0, "there is no such device", std::move(hint)};
    }

    Registry registry_;
    bool has_registry_ = false;
    std::vector<std::unique_ptr<DeviceSpec>> files_;  // the collector remembers their addresses
    Collector collector_;
};

}  // namespace
}  // namespace devices

Result<std::vector<DeviceEdits>> find_devices(const std::vector<std::string>& selectors,
                                              const std::vector<std::string>& directories) {
    devices::Finder finder;
    std::vector<DeviceEdits> edits;
    for (const std::string& selector : selectors)
        edits.push_back(TRY(finder.find(selector, directories)));
    return edits;
}

}  // namespace caisson
