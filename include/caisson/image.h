// SPDX-License-Identifier: Apache-2.0
//
// Images, and the file system that people expect to find in one.
#pragma once

#include <string>
#include <vector>

#include "caisson/error.h"
#include "caisson/host.h"
#include "caisson/spec.h"

#pragma GCC visibility push(default)
namespace caisson {

// A directory that holds a root file system. Fails where the path is missing or something else.
Result<Root> directory_image(const std::string& path);

// Images that are known by name lie in the directory `img` of a storage directory, as ch-image(1)
// of Charliecloud keeps them: "debian:12" is img/debian+12, "example.com/a/b" img/example.com%a%b.
struct StoredImage {
    std::string name;  // as people write it
    std::string path;
};

enum class ImageForm { directory, squashfs, unknown };

// What was named on a command line.
struct Image {
    std::string path;  // absolute or as given
    ImageForm form = ImageForm::unknown;
    bool by_name = false;
};

// Where names are looked up unless something else is said: CH_IMAGE_STORAGE of the environment
// where it is set, otherwise /var/tmp/USER.ch. The caller's name is looked up where USER is not
// set. Absolute.
std::string default_storage(const char* const* environment, const Host& host);

// A name in the storage directory, or else a path. What begins with / or . is a path: no name does.
// Fails with the errno of stat(2).
Result<Image> find_image(const std::string& image, const std::string& storage);

// The root that an image has. Fails where this build can't make one of its form.
Result<Root> root_of(const Image& image);

// What a storage directory has, sorted by name. A directory without `img` has nothing.
Result<std::vector<StoredImage>> stored_images(const std::string& storage);

// Whether a path, its links followed, lies inside the storage directory.
bool is_inside_storage(const std::string& path, const std::string& storage);

enum class DevKind { host, minimal };

struct GuestFileSystem {
    DevKind dev = DevKind::host;
    bool generate_accounts = true;       // /etc/passwd and /etc/group from the host's databases
    bool host_tmp = true;                // a directory of the host's at /tmp; else a private one
    std::string tmp_directory = "/tmp";  // which one, as TMPDIR may say
    // What stands in them for an id that the host's databases don't have.
    Account unknown_user = {"user", "User"};
    Account unknown_group = {"group", {}};
};

// Adds /dev /proc /sys /tmp, the files of /etc that a program expects, and directories that
// clusters have, each where both the host and the image have it, in front of the mounts
// that the Spec already has. Call it once namespaces and ids are set, since they decide which
// /proc is shown and whose name stands in passwd.
void add_guest_file_system(Spec& spec, const GuestFileSystem& wanted, const Host& host);

}  // namespace caisson
#pragma GCC visibility pop
