// SPDX-License-Identifier: Apache-2.0
#include "cli/before_libc.h"

#include <unistd.h>

#include "cli/config.h"
#include "cli/run_spec.h"
#include "launch/become_alone.h"
#include "launch/kernel_host.h"
#include "launch/preparation.h"

namespace caisson::cli {
namespace {

// Whoever it asks for is not to be found: that would take a process.
class NameServicesLater final : public NameServices {
  public:
    std::string line_of(const char*, uint32_t) const override {
        wanted_ = true;
        return {};
    }
    bool wanted() const { return wanted_; }

  private:
    mutable bool wanted_ = false;
};

}  // namespace

std::optional<Error> become_before_libc(RunRequest request) {
    if (!request.no_config && has_config(environ)) return {};
    const NameServicesLater services;
    auto host = this_host(services);
    const Result<Wanted> wanted = wanted_by(std::move(request), *host, environ);
    if (!wanted || services.wanted()) return {};
    const Spec& spec = wanted.value().spec;
    const Program& program = wanted.value().program;
    const Result<Plan> plan = compile(spec, *host);
    if (!plan || has_parent_phase(plan.value())) return {};
    // It holds descriptors, which nobody would close then, for the program to find.
    if (!spec.close_descriptors) host.reset();
    return become_alone(plan.value(), program);
}

}  // namespace caisson::cli
