// SPDX-License-Identifier: Apache-2.0
//
// run-in-directory DIRECTORY COMMAND [ARGUMENT...]: runs a command with a directory as its root,
// read-only and without a network, and prints what was planned and how it ended.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "caisson/host.h"
#include "caisson/image.h"
#include "caisson/launch.h"
#include "caisson/plan.h"

namespace {

// What is wanted: plain values. A field that would have no effect is an error, not a no-op.
caisson::Spec wish_for(caisson::Root root, const caisson::Host& host) {
    caisson::Spec spec;
    spec.namespaces.user = host.uid() != 0;  // an ordinary user can do nothing without one
    spec.namespaces.mount = true;
    spec.namespaces.pid = true;
    spec.namespaces.net = true;
    spec.namespaces.uts = true;
    spec.hostname = "example";
    spec.root = std::move(root);
    spec.capabilities = caisson::CapabilitySet::none();
    caisson::add_guest_file_system(spec, {.dev = caisson::DevKind::minimal, .host_tmp = false},
                                   host);
    return spec;
}

// A step of our own. It runs in the child between clone and exec, as may_be_shared says in this
// program's own memory: it must not allocate, lock or throw. 0, or -errno for a failure.
int greet(void* text) {
    const char* words = static_cast<const char*>(text);
    return write(STDOUT_FILENO, words, strlen(words)) < 0 ? -5 : 0;
}

char greeting[] = "a step of our own, before the program\n";

caisson::Result<caisson::Ending> run(const char* directory, std::vector<std::string> command) {
    const auto host = caisson::this_host();
    caisson::Result<caisson::Root> root = caisson::directory_image(directory);
    if (!root) return root.error();

    // How: an ordered list of phases, which may be edited by their names.
    caisson::Result<caisson::Plan> plan =
        caisson::compile(wish_for(std::move(root).value(), *host), *host);
    if (!plan) return plan.error();
    const caisson::Phase mine = {
        "greeting",
        caisson::Side::child,
        {{caisson::step::Call{"greet", greet, greeting,
                              caisson::step::Call::Memory::may_be_shared}}}};
    const caisson::Result<void> edited = plan.value().insert_after("pivot", mine);
    if (!edited) return edited.error();

    const std::string path = "/usr/local/bin:/usr/bin:/bin";
    const caisson::Program program =
        caisson::program_from(std::move(command), {"PATH=" + path, "HOME=/"}, path);
    printf("%s\n", plan.value().text(&program).c_str());
    fflush(stdout);

    caisson::Result<caisson::Child> child = caisson::launch(plan.value(), program);
    if (!child) return child.error();
    return child.value().wait();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: %s DIRECTORY COMMAND [ARGUMENT...]\n", argv[0]);
        return 2;
    }
    const caisson::Result<caisson::Ending> ending = run(argv[1], {argv + 2, argv + argc});
    if (!ending) {
        fprintf(stderr, "%s: %s\n", argv[0], ending.error().text().c_str());
        return caisson::exit_status(ending.error());
    }
    if (ending.value().code)
        printf("it exited with %d\n", *ending.value().code);
    else
        printf("signal %d ended it\n", *ending.value().signal);
    return ending.value().status();
}
