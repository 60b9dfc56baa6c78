// SPDX-License-Identifier: Apache-2.0
#include "plan/merges.h"

#include <errno.h>

#include "base/path.h"
#include "plan/hints.h"

namespace caisson::plan {
namespace {

// Where the shared mounts are seen. No image has it, and a program that looks at what a link leads
// to is told whose directory it is.
constexpr const char* places = "/.caisson/";

std::string_view name_of(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

// Whether what the host sees by this path is seen by its name in the mount as well: a link may lead
// only to its neighbour.
bool is_same_inside(const Host& host, const std::string& directory, Entry entry) {
    if (!entry.target.empty()) {
        if (entry.target.find('/') != std::string::npos || entry.target == "..") return false;
        entry = host.entry(directory + "/" + entry.target);
    }
    return entry.node != Node::missing && entry.target.empty();
}

}  // namespace

const std::string& Merges::place_of(const std::string& directory, const Bind& bind) {
    const MountAttributes& attributes = bind.attributes;
    const unsigned key = unsigned{attributes.nosuid} | unsigned{attributes.nodev} << 1 |
                         unsigned{attributes.noexec} << 2 | unsigned{bind.recursive} << 3;
    std::string& place = places_[key][directory];
    if (!place.empty()) return place;
    place = places + std::to_string(places_made_++);
    root_.need_in_layer({place, MakePoint::directory});
    wish_.mounts.push_back(
        {step::AttachBind{Bind{directory, place, attributes, bind.recursive}, MakePoint::never}});
    return place;
}

// Of a place for a link: without links on the way; empty where one of those leads nowhere.
const std::string& Merges::link_directory(const std::string& to) {
    const std::string directory = path::parent(to);
    const auto found = link_directories_.find(directory);
    if (found != link_directories_.end()) return found->second;
    const Reach reach = wish_.host.reach(wish_.spec.root->directory, to);
    const bool is_there = reach.missing.find('/') == std::string::npos;
    std::string real;
    if (is_there || !reach.at_broken_link) real = path::parent(reach.path());
    return link_directories_.emplace(directory, std::move(real)).first->second;
}

bool Merges::add(const Bind& bind, const std::string& to) {
    const std::string from = path::tidy(bind.from);
    const std::string directory = path::parent(from);
    if (directory == "/" || !root_.can_link()) return false;
    if (bind.if_absent == IfAbsent::skip && !wish_.host.exists(wish_.spec.root->directory, to)) {
        return false;
    }
    Entry entry = wish_.host.entry(from);
    if (entry.node == Node::missing && bind.if_absent == IfAbsent::fail) {
        root_.refuse({"mounts",
                      "open_tree",
                      bind.from,
                      ENOENT,
                      {},
                      std::string(hint_for("mounts", "open_tree", ENOENT))});
        return true;
    }
    if (!is_same_inside(wish_.host, directory, std::move(entry))) return false;
    const std::string& links = link_directory(to);
    if (links.empty()) return false;
    std::string target = place_of(directory, bind);
    target.append("/").append(name_of(from));
    root_.need_link(
        {std::move(target), links + (links == "/" ? "" : "/") + std::string(name_of(to))});
    return true;
}

}  // namespace caisson::plan
