// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "base/path.h"
#include "plan/steps_of.h"

namespace caisson::plan {
namespace {

std::string below(const std::string& directory, const std::string& name) {
    return directory == "/" ? "/" + name : directory + "/" + name;
}

// One directory of the scaffold: made, and filled but for those of its own directories that are
// part of the scaffold as well and get their turn.
void append_directory(Wish& wish, const std::string& image, const std::string& directory,
                      const std::set<std::string>& scaffold) {
    if (directory != "/") {
        wish.root.push_back({step::MakePlace{{directory, MakePoint::directory}}});
    }
    const std::string from = path::tidy(image + directory);
    for (const Entry& entry : wish.host.entries(from)) {
        const std::string to = below(directory, entry.name);
        if (scaffold.contains(to)) continue;
        if (!entry.target.empty()) {
            wish.root.push_back({step::MakeSymlink{entry.target, to}});
            continue;
        }
        const auto make = entry.node == Node::directory ? MakePoint::directory : MakePoint::file;
        // Gone meanwhile, as files of a live system go.
        wish.root.push_back(
            {step::AttachBind{{below(from, entry.name), to, {.read_only = true}}, make},
             Tolerate::absence});
    }
}

}  // namespace

void append_scaffold(Wish& wish, const std::string& image, const std::vector<MountPoint>& points) {
    std::set<std::string> scaffold;  // sorted, so that a directory comes before what lies in it
    for (const MountPoint& point : points) {
        std::string directory = point.path;
        do {
            directory = path::parent(directory);
            scaffold.insert(directory);
        } while (directory != "/");
    }
    wish.root.push_back({step::RootFromTmpfs{}});
    for (const std::string& directory : scaffold) {
        append_directory(wish, image, directory, scaffold);
    }
    for (const MountPoint& point : points)
        wish.root.push_back({step::MakePlace{point}});
    wish.root.push_back({step::RestrictRoot{{.read_only = true}}});
}

}  // namespace caisson::plan
