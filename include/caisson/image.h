// SPDX-License-Identifier: Apache-2.0
//
// Images, and the file system that people expect to find in one.
#pragma once

#include <string>

#include "caisson/error.h"
#include "caisson/host.h"
#include "caisson/spec.h"

#pragma GCC visibility push(default)
namespace caisson {

// A directory that holds a root file system. Fails where the path is missing or something else.
Result<Root> directory_image(const std::string& path);

enum class DevKind { host, minimal };

struct GuestFileSystem {
    DevKind dev = DevKind::host;
    bool generate_accounts = true;       // /etc/passwd and /etc/group from the host's databases
    bool host_tmp = true;                // a directory of the host's at /tmp; else a private one
    std::string tmp_directory = "/tmp";  // which one, as TMPDIR may say
};

// Adds /dev /proc /sys /tmp, the files of /etc that a program expects, and directories that
// clusters have, each where both the host and the image have it, in front of the mounts
// that the Spec already has. Call it once namespaces and ids are set, since they decide which
// /proc is shown and whose name stands in passwd.
void add_guest_file_system(Spec& spec, const GuestFileSystem& wanted, const Host& host);

}  // namespace caisson
#pragma GCC visibility pop
