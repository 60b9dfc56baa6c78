// SPDX-License-Identifier: Apache-2.0
//
// Sandboxes that are made and in which nothing is run: a plan, carried out by the engine itself up
// to the exec and then called off.
#pragma once

#include <optional>
#include <string>

#include "caisson/plan.h"
#include "cli/run_request.h"

namespace caisson::cli {

// An empty directory with the places of an image, removed again at the end. "/" where no temporary
// directory can be made.
class ScratchImage {
  public:
    ScratchImage();
    ScratchImage(const ScratchImage&) = delete;
    ScratchImage& operator=(const ScratchImage&) = delete;
    ~ScratchImage();
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

enum class Way {
    in_place,  // as a default run goes: the calls are made by a process that stays
    as_child,  // as a run with a private pid namespace goes
};

// What a trial's last step may do in the finished sandbox: system calls and nothing else. Returns
// -ECANCELED where all was well, which ends the trial.
using InSandbox = int (*)(void*);
int call_off(void*);

// Why the sandbox cannot be made; none where it can.
std::optional<Error> try_spec(const Host& host, const Spec& spec, Way way,
                              InSandbox last = call_off);
// The same for what `caisson run` makes of a request. Its image is a scratch one.
std::optional<Error> try_request(const Host& host, RunRequest request, Way way,
                                 InSandbox last = call_off);

}  // namespace caisson::cli
