// SPDX-License-Identifier: Apache-2.0
//
// die SIGNAL: sends itself the signal of that number, by default action. A process 1 survives that;
// it then ends with status 99.
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    signal(atoi(argv[1]), SIG_DFL);
    kill(getpid(), atoi(argv[1]));
    return 99;
}
