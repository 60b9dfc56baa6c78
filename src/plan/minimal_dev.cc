// SPDX-License-Identifier: Apache-2.0
//
// The usual small /dev. Device nodes are bound from the host, because a user namespace may not
// make any (mknod(2), EPERM).
#include "plan/steps_of.h"

namespace caisson::plan {

void append_minimal_dev(Steps& steps, const std::string& to, bool make_point) {
    const auto make = make_point ? MakePoint::directory : MakePoint::never;
    steps.push_back({step::AttachNew{
        "tmpfs", {{"mode", "755"}, {"size", "64k"}}, to, {.nosuid = true, .noexec = true}, make}});
    for (const char* name : {"null", "zero", "full", "random", "urandom", "tty"}) {
        const std::string node = std::string("/") + name;
        Bind bind{"/dev" + node, to + node, {.nosuid = true, .noexec = true}, false};
        steps.push_back({step::AttachBind{std::move(bind), MakePoint::file}});
    }
    steps.push_back({step::AttachNew{"devpts",
                                     {{"newinstance", ""}, {"ptmxmode", "0666"}, {"mode", "0620"}},
                                     to + "/pts",
                                     {.nosuid = true, .noexec = true},
                                     MakePoint::directory}});
    steps.push_back({step::AttachNew{"tmpfs",
                                     {{"mode", "1777"}},
                                     to + "/shm",
                                     {.nosuid = true, .nodev = true},
                                     MakePoint::directory}});
    constexpr const char* links[][2] = {{"pts/ptmx", "/ptmx"},
                                        {"/proc/self/fd", "/fd"},
                                        {"/proc/self/fd/0", "/stdin"},
                                        {"/proc/self/fd/1", "/stdout"},
                                        {"/proc/self/fd/2", "/stderr"}};
    for (const auto& [target, name] : links) {
        steps.push_back({step::MakeSymlink{target, to + name}});
    }
}

}  // namespace caisson::plan
