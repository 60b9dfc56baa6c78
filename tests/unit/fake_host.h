// SPDX-License-Identifier: Apache-2.0
//
// A machine in a few lines, for everything that asks a Host: an ordinary user 1000 in front of a
// current kernel and a usual image, unless a test says otherwise. It notes what it was asked,
// because a start is to pay for no question that its Spec does not need.
#pragma once

#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "caisson/host.h"

namespace caisson {

class FakeHost : public Host {
  public:
    std::set<KernelFeature> missing;
    uint32_t user_id = 1000;
    uint32_t group_id = 1000;
    // What stands where: in the image, and on the host itself (whose root is "/").
    std::map<std::string, Node> image = usual_places();
    std::map<std::string, Node> own = usual_places();
    std::map<std::string, std::string> links;  // on the host, with their targets
    std::set<std::string> broken_links;        // in the image
    bool image_is_own = true;
    std::string layer_is_on;         // a file system unfit for a layer
    std::vector<std::string> below;  // mount points below any directory that is asked for
    std::map<uint32_t, Account> users = {{0, {"root", "root"}}, {1000, {"ann", "Ann Other"}}};
    std::map<uint32_t, Account> groups = {{0, {"root", ""}}, {1000, {"staff", ""}}};
    std::vector<IdRange> subuids = {{0, 100000, 65536}};
    std::vector<IdRange> subgids = {{0, 200000, 65536}};

    mutable std::vector<KernelFeature> features_asked;
    mutable std::vector<std::string> looks;  // "ROOT PATH"

    static FakeHost root() {
        FakeHost host;
        host.user_id = host.group_id = 0;
        return host;
    }

    bool has(KernelFeature feature) const override {
        features_asked.push_back(feature);
        return !missing.contains(feature);
    }
    uint32_t uid() const override { return user_id; }
    uint32_t gid() const override { return group_id; }
    Node look(const std::string& root, const std::string& path) const override {
        looks.push_back(root + " " + path);
        const auto& places = root == "/" ? own : image;
        const auto found = places.find(path);
        return found == places.end() ? Node::missing : found->second;
    }
    Entry entry(const std::string& path) const override {
        const auto link = links.find(path);
        const std::string name = path.substr(path.rfind('/') + 1);
        if (link != links.end()) return {name, Node::other, link->second};
        const auto found = own.find(path);
        return {name, found == own.end() ? Node::missing : found->second, {}};
    }
    Reach reach(const std::string& root, const std::string& path) const override {
        Reach reached = Host::reach(root, path);
        reached.is_own = image_is_own;
        reached.at_broken_link = broken_links.contains(path);
        return reached;
    }
    std::string unfit_for_layer(const std::string&) const override { return layer_is_on; }
    // What `image` has directly below a directory, whichever one that is.
    std::vector<Entry> entries(const std::string&) const override {
        std::vector<Entry> found;
        for (const auto& [path, node] : image) {
            if (path != "/" && path.rfind('/') == 0) found.push_back({path.substr(1), node, {}});
        }
        return found;
    }
    std::vector<std::string> mounts_below(const std::string&) const override { return below; }
    std::optional<Account> user(uint32_t uid) const override { return find(users, uid); }
    std::optional<Account> group(uint32_t gid) const override { return find(groups, gid); }
    std::vector<IdRange> subordinate_uids() const override { return subuids; }
    std::vector<IdRange> subordinate_gids() const override { return subgids; }

  private:
    static std::map<std::string, Node> usual_places() {
        std::map<std::string, Node> places;
        for (const char* directory : {"/", "/bin", "/dev", "/dev/shm", "/etc", "/home", "/mnt",
                                      "/proc", "/srv", "/sys", "/tmp", "/usr", "/var"}) {
            places[directory] = Node::directory;
        }
        for (const char* file : {"/etc/group", "/etc/hosts", "/etc/machine-id", "/etc/passwd",
                                 "/etc/resolv.conf", "/dev/null"}) {
            places[file] = Node::other;
        }
        return places;
    }

    static std::optional<Account> find(const std::map<uint32_t, Account>& accounts, uint32_t id) {
        const auto found = accounts.find(id);
        if (found == accounts.end()) return {};
        return found->second;
    }
};

// Every feature that a supported kernel may lack, by the name that files of tests/golden have.
struct NamedFeature {
    const char* name;
    KernelFeature feature;
};
inline std::ostream& operator<<(std::ostream& out, const NamedFeature& one) {
    return out << one.name;
}
inline constexpr NamedFeature kernel_features[] = {
    {"mount-trees", KernelFeature::mount_trees},
    {"openat2", KernelFeature::openat2},
    {"close-range", KernelFeature::close_range},
    {"clone3", KernelFeature::clone3},
    {"pidfd", KernelFeature::pidfd},
    {"open-tree-attr", KernelFeature::open_tree_attr},
};

}  // namespace caisson
