// SPDX-License-Identifier: Apache-2.0
//
// Devices as their vendors describe them: the Container Device Interface (CDI, tags.cncf.io,
// versions 0.3 to 1.x), in JSON. What a device needs becomes part of a Spec. The programs that
// vendors name as hooks are never run: what the known ones do is done here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "caisson/error.h"
#include "caisson/host.h"
#include "caisson/image.h"
#include "caisson/spec.h"

#pragma GCC visibility push(default)
namespace caisson {

// What a program needs so that a device works for it.
struct DeviceEdits {
    std::vector<std::string> environment;  // "NAME=value", as it is: nothing is expanded
    std::vector<Bind> nodes;               // device nodes
    std::vector<Bind> mounts;
    std::vector<Symlink> links;
    std::vector<std::string> libraries;         // directories for the image's ldconfig(8)
    std::vector<std::string> soname_libraries;  // those that only get links of sonames
    std::vector<std::string> warnings;          // what is asked for and not done, for people
};

struct Device {
    std::string name;
    DeviceEdits edits;
};

// One file.
struct DeviceSpec {
    std::string path;
    std::string kind;  // "vendor.com/class"
    std::vector<Device> devices;
    DeviceEdits edits;  // for each of them
};

// Errors name the file and the member that is wrong. A member that the specification does not know
// is one: what it asks for would silently be missing.
Result<DeviceSpec> parse_device_spec(std::string_view json, const std::string& path);

// Where vendors and administrators put specs; the later directory wins.
inline constexpr const char* default_device_directories = "/etc/cdi:/var/run/cdi";

// What each of the selectors asks for, in their order; what an earlier one has had is left out.
// A selector is "all"; a kind, for all its devices; KIND=NAME; KIND=all; or the path of a spec,
// with a `/` or `.` in front, for all its devices. In `directories` files *.json are read, and only
// if a selector is no path. A device that two files of one directory describe is an error; of two
// directories the later one has it.
Result<std::vector<DeviceEdits>> find_devices(const std::vector<std::string>& selectors,
                                              const std::vector<std::string>& directories);

// Adds all but the environment to a Spec whose root takes writes and throws them away, in front of
// the mounts that it has. `dev` says whether device nodes are there anyway. Fails where libraries
// are to be announced and the image has no ldconfig.
Result<void> add_devices(Spec& spec, const std::vector<DeviceEdits>& edits, DevKind dev,
                         const Host& host);

}  // namespace caisson
#pragma GCC visibility pop
