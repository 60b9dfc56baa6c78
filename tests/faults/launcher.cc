// SPDX-License-Identifier: Apache-2.0
//
// launcher [--thread] IMAGE PROGRAM [ARG...]: starts sandboxes with the library, one after the
// other and from a process with threads, until somebody kills it. Each dies with its parent. With
// --thread the thread that launched ends at once, which is to end the sandbox as well.
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <thread>

#include "caisson/launch.h"

namespace {

using namespace caisson;

Spec sandbox_of(const char* image) {
    Spec spec;
    spec.namespaces = {.user = geteuid() != 0, .mount = true, .pid = true, .ipc = true};
    spec.root = Root{image, RootWrites::refused, {}};
    spec.die_with_parent = true;
    return spec;
}

int fail(const Error& error) {
    fprintf(stderr, "launcher: %s\n", error.text().c_str());
    return 1;
}

// 1 where a launch failed; else the sandbox is started and, unless `wait`, forgotten.
int launch_one(const Plan& plan, const Program& program) {
    Result<Child> child = launch(plan, program);
    if (!child) return fail(child.error());
    (void)child.value().wait();
    return 0;
}

// The sandbox has to end once the thread that started it has.
int launch_from_ending_thread(const Plan& plan, const Program& program) {
    int pidfd = -1;
    std::thread([&] {
        Result<Child> child = launch(plan, program);
        if (!child) return (void)fail(child.error());
        pidfd = dup(child.value().pidfd());
        (void)std::move(child).value().detach();
    }).join();
    pollfd ended = {pidfd, POLLIN, 0};
    const bool in_time = pidfd >= 0 && poll(&ended, 1, 2000) == 1;
    close(pidfd);
    if (!in_time) fputs("launcher: the sandbox has outlived its thread\n", stderr);
    return in_time ? 0 : 1;
}

int run(bool ending_threads, const Plan& plan, const Program& program) {
    if (ending_threads) {
        for (int i = 0; i < 100; i++) {
            if (launch_from_ending_thread(plan, program) != 0) return 1;
        }
        return 0;
    }
    int status = 0;
    std::thread other([] {
        for (;;)
            usleep(100);
    });
    std::thread([&] {
        while (status == 0)
            status = launch_one(plan, program);
    }).join();
    _exit(status);
}

}  // namespace

int main(int argc, char** argv) {
    const bool ending_threads = argc > 1 && strcmp(argv[1], "--thread") == 0;
    char** arguments = argv + (ending_threads ? 2 : 1);
    if (argc < (ending_threads ? 4 : 3)) {
        fputs("usage: launcher [--thread] IMAGE PROGRAM [ARG...]\n", stderr);
        return 2;
    }
    const auto host = this_host();
    const Result<Plan> plan = compile(sandbox_of(arguments[0]), *host);
    if (!plan) return fail(plan.error());
    const Program program = program_from({arguments + 1, argv + argc}, {"PATH=/bin"}, "/bin");
    return run(ending_threads, plan.value(), program);
}
