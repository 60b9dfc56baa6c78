// SPDX-License-Identifier: Apache-2.0
//
// From what devices ask for to a Spec.
#include <algorithm>
#include <map>

#include "base/path.h"
#include "base/try.h"
#include "caisson/devices.h"

namespace caisson {
namespace {

// A place that several devices ask for gets what the last of them wants there.
template <typename Kind>
class Places {
  public:
    void add(const Kind& one) {
        const auto [at, is_new] = by_place_.emplace(path::tidy(one.to), list_.size());
        if (is_new)
            list_.push_back(one);
        else
            list_[at->second] = one;
    }
    const std::vector<Kind>& list() const { return list_; }

  private:
    std::vector<Kind> list_;
    std::map<std::string, size_t> by_place_;
};

bool is_there_anyway(const Bind& node, DevKind dev) {
    return dev == DevKind::host && node.from == node.to && path::is_within(node.to, "/dev");
}

void add_new(std::vector<std::string>& list, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
    }
}

// The image's own: only that knows where the image's programs look, and what its cache is like.
Result<std::string> ldconfig_in(const std::string& image, const Host& host) {
    for (const char* path : {"/sbin/ldconfig", "/usr/sbin/ldconfig", "/usr/bin/ldconfig"}) {
        if (host.exists(image, path)) return std::string(path);
    }
    return Error{"devices",
                 "update-ldcache",
                 "/sbin/ldconfig",
                 0,
                 "is not in the image",
                 "a device's libraries are announced to the image's programs by its own ldconfig"};
}

Result<void> announce(Spec& spec, const std::vector<std::string>& libraries,
                      const std::vector<std::string>& soname_libraries, const Host& host) {
    if (libraries.empty() && soname_libraries.empty()) return {};
    const std::string ldconfig = TRY(ldconfig_in(spec.root->directory, host));
    const auto hook = [&](std::vector<std::string> arguments,
                          const std::vector<std::string>& directories) {
        if (directories.empty()) return;
        arguments.insert(arguments.end(), directories.begin(), directories.end());
        spec.hooks.guest.push_back({std::move(arguments), {}});
    };
    hook({ldconfig, "-n"}, soname_libraries);
    hook({ldconfig}, libraries);
    return {};
}

}  // namespace

Result<void> add_devices(Spec& spec, const std::vector<DeviceEdits>& edits, DevKind dev,
                         const Host& host) {
    if (!spec.root || spec.root->writes == RootWrites::refused ||
        spec.root->writes == RootWrites::kept) {
        return Error{"devices", "", "root", 0, "devices need writes that are not the image's", {}};
    }
    Places<Bind> binds;
    Places<Symlink> links;
    std::vector<std::string> libraries;
    std::vector<std::string> soname_libraries;
    for (const DeviceEdits& one : edits) {
        for (const Bind& node : one.nodes) {
            if (!is_there_anyway(node, dev)) binds.add(node);
        }
        for (const Bind& mount : one.mounts)
            binds.add(mount);
        for (const Symlink& link : one.links)
            links.add(link);
        add_new(libraries, one.libraries);
        add_new(soname_libraries, one.soname_libraries);
    }
    std::vector<Mount> mounts(binds.list().begin(), binds.list().end());
    mounts.insert(mounts.end(), links.list().begin(), links.list().end());
    spec.mounts.insert(spec.mounts.begin(), mounts.begin(), mounts.end());
    return announce(spec, libraries, soname_libraries, host);
}

}  // namespace caisson
