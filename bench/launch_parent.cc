// SPDX-License-Identifier: Apache-2.0
//
// launch_parent MB ROUNDS [PROGRAM]: how long launch() and the program's end take from a parent
// with MB megabytes resident. Prints the median in microseconds.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "caisson/launch.h"

namespace {

using namespace caisson;

double now_us() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

int fail(const Error& error) {
    fprintf(stderr, "launch_parent: %s\n", error.text().c_str());
    return 1;
}

// Small pages, as a heap that grew has them: it is their number that a fork pays for.
bool make_resident(size_t megabytes) {
    const size_t size = megabytes << 20;
    void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || madvise(memory, size, MADV_NOHUGEPAGE) < 0) return false;
    memset(memory, 1, size);
    return true;
}

Spec sandbox() {
    Spec spec;
    spec.namespaces = {
        .user = geteuid() != 0, .mount = true, .pid = true, .ipc = true, .uts = true};
    spec.init = Init::none;
    return spec;
}

Result<double> launch_once(const Plan& plan, const Program& program) {
    const double begin = now_us();
    Result<Child> child = launch(plan, program);
    if (!child) return child.error();
    const Result<Ending> ending = child.value().wait();
    if (!ending) return ending.error();
    if (ending.value().status() != 0) {
        return Error{"bench", {}, program.arguments[0], 0, "ended with an error", {}};
    }
    return now_us() - begin;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    if (!make_resident(strtoul(argv[1], nullptr, 10))) return 1;
    const Result<Plan> plan = compile(sandbox(), *this_host());
    if (!plan) return fail(plan.error());
    const Program program = program_from({argc > 3 ? argv[3] : "/bin/true"}, {}, "");
    std::vector<double> times(strtoul(argv[2], nullptr, 10));
    for (double& time : times) {
        const Result<double> took = launch_once(plan.value(), program);
        if (!took) return fail(took.error());
        time = took.value();
    }
    std::sort(times.begin(), times.end());
    return times.empty() || printf("%.1f\n", times[times.size() / 2]) < 0 ? 1 : 0;
}
