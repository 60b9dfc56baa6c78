// SPDX-License-Identifier: Apache-2.0
//
// What tests of real sandboxes share. Each body runs in a process of its own, once as root and once
// as an ordinary user, where the one who runs the tests can be both.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <functional>
#include <ostream>
#include <string>

#include "caisson/fd.h"
#include "caisson/host.h"
#include "caisson/image.h"
#include "caisson/launch.h"
#include "caisson/plan.h"
#include "unit/temporary_directory.h"

namespace caisson {

enum class Who { root, user };
inline std::ostream& operator<<(std::ostream& out, Who who) {
    return out << (who == Who::root ? "root" : "an ordinary user");
}

class Sandbox : public testing::TestWithParam<Who> {
  protected:
    // Skips where the test can't be this user, or this user may not make the namespaces.
    void SetUp() override;

    // The body's expectations count as the test's own. It may change its process as it likes.
    void run(const std::function<void()>& body) const;
};

// After the suite's name: INSTANTIATE_BOTH(Launch).
#define INSTANTIATE_BOTH(suite)                           \
    INSTANTIATE_TEST_SUITE_P(                             \
        As, suite, testing::Values(Who::root, Who::user), \
        [](const auto& info) { return info.param == Who::root ? "Root" : "OrdinaryUser"; })

// A mount namespace, and a user namespace where this process is not root.
Spec basic_spec();
// The plan for it here; the test fails where there is none.
Plan plan_for(const Spec& spec);
// A program that /bin/sh runs.
Program shell(const std::string& script);

struct Finished {
    Ending ending;
    std::string output;  // standard output and error together
};
// Launches with the program's output in a pipe, and waits.
Result<Finished> finish(Plan plan, const Program& program, const LaunchOptions& options = {});
// The output, or the Error's text.
std::string output_of(const Plan& plan, const Program& program);
std::string output_of(const Spec& spec, const std::string& script);
// The Error's text, or what the program did instead of failing.
std::string failure_of(const Plan& plan, const Program& program);

// An image that is a directory of this process's user: the host's programs, and nothing else.
class HostPrograms {
  public:
    HostPrograms();
    // A Spec with this as its root.
    Spec spec(RootWrites writes) const;
    const TemporaryDirectory& directory() const { return directory_; }
    const std::string& path() const { return directory_.path(); }

  private:
    TemporaryDirectory directory_;
    std::vector<Mount> mounts_;
};

// Everything until the other ends are closed.
std::string read_all(int fd);
// A page that copies of this process share.
int* shared_integers();

}  // namespace caisson
