// SPDX-License-Identifier: Apache-2.0
//
// enter_race DIRECTORY ROUNDS: the medians of ROUNDS, in microseconds, from the call of enter()
// until both processes have come back from it; with the plan compiled anew for it; and of the same
// by bare system calls. The three take turns, each in a process of its own, so that all have the
// same machine and the same memory to copy; and in every order, for the kernel takes the namespaces
// of one down while the next begins.
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "caisson/enter.h"
#include "enter_floor.h"

namespace {

using namespace caisson;

// What the three processes of a round share.
struct Clock {
    double begin, inside, outside;
};

double now_us() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

[[noreturn]] void die(const std::string& what) {
    fprintf(stderr, "enter_race: %s\n", what.c_str());
    _exit(1);
}

template <typename T>
T need(Result<T> result) {
    if (!result) die(result.error().text());
    return std::move(result).value();
}

Plan plan_for(const std::string& directory) {
    const auto host = this_host();
    return need(compile(spec_for_entering(directory, EnterMode::namespaces, *host), *host));
}

// One side of the divided process has come back; neither returns from here.
[[noreturn]] void stay_inside(Clock& clock) {
    clock.inside = now_us();
    _exit(0);
}

[[noreturn]] void enter_by_library(Clock& clock, const Plan& plan) {
    Result<Entered> entered = enter(plan);
    if (!entered) die(entered.error().text());
    auto* supervisor = std::get_if<Supervisor>(&entered.value());
    if (!supervisor) stay_inside(clock);
    clock.outside = now_us();
    end_like(supervisor->supervise());
}

void enter_planned(Clock& clock, const std::string& directory) {
    const Plan plan = plan_for(directory);
    clock.begin = now_us();
    enter_by_library(clock, plan);
}

void plan_and_enter(Clock& clock, const std::string& directory) {
    clock.begin = now_us();
    enter_by_library(clock, plan_for(directory));
}

void enter_by_calls(Clock& clock, const std::string& directory) {
    clock.begin = now_us();
    int pidfd = -1;
    const int init = floor_enter(directory.c_str(), &pidfd);
    if (init == 0) stay_inside(clock);
    clock.outside = now_us();
    int status = 0;
    waitpid(init, &status, 0);
    _exit(status);
}

struct Contestant {
    const char* name;
    void (*run)(Clock& clock, const std::string& directory);
    std::vector<double> times = {};
};

double time_one(const Contestant& contestant, Clock& clock, const std::string& directory) {
    clock = {};
    const pid_t pid = fork();
    if (pid == 0) contestant.run(clock, directory);
    int status = 0;
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0 || clock.inside == 0) {
        die(std::string(contestant.name) + " failed");
    }
    return std::max(clock.inside, clock.outside) - clock.begin;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    const std::string directory = argv[1];
    const size_t rounds = strtoul(argv[2], nullptr, 10);
    void* shared =
        mmap(nullptr, sizeof(Clock), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (rounds == 0 || shared == MAP_FAILED) return 2;
    Clock& clock = *static_cast<Clock*>(shared);
    Contestant contestants[] = {
        {"floor", enter_by_calls}, {"enter", enter_planned}, {"compile and enter", plan_and_enter}};
    size_t order[] = {0, 1, 2};
    for (size_t i = 0; i < rounds; i++) {
        for (const size_t at : order)
            contestants[at].times.push_back(time_one(contestants[at], clock, directory));
        std::next_permutation(std::begin(order), std::end(order));
    }
    for (Contestant& one : contestants) {
        std::sort(one.times.begin(), one.times.end());
        printf("%s\t%.1f\n", one.name, one.times[rounds / 2]);
    }
    return fflush(stdout);
}
