// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace caisson {

// A directory that everybody can enter (the tests run sandboxes as other users) and that goes with
// the object.
class TemporaryDirectory {
  public:
    TemporaryDirectory() {
        char name[] = "/tmp/caisson-unit.XXXXXX";
        if (mkdtemp(name)) path_ = name;
        std::filesystem::permissions(path_, std::filesystem::perms(0755));
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    const std::string& path() const { return path_; }

    std::string directory(const std::string& name) const {
        std::filesystem::create_directories(path_ + "/" + name);
        return path_ + "/" + name;
    }
    std::string file(const std::string& name, const std::string& content = {}) const {
        std::ofstream(path_ + "/" + name) << content;
        return path_ + "/" + name;
    }
    void link(const std::string& name, const std::string& target) const {
        std::filesystem::create_symlink(target, path_ + "/" + name);
    }
    std::string read(const std::string& name) const {
        std::ifstream in(path_ + "/" + name);
        return {std::istreambuf_iterator<char>(in), {}};
    }

  private:
    std::string path_;
};

}  // namespace caisson
