// SPDX-License-Identifier: Apache-2.0
// stubborn: a program that does what it can to outlive its sandbox. It ignores every signal that
// can be ignored and leaves a child in a session of its own, and a grandchild whose parent has
// gone.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    for (int i = 1; i < 65; i++)
        signal(i, SIG_IGN);
    if (fork() == 0) {
        setsid();
        if (fork() == 0) {
            setsid();
            fork();
        }
        _exit(pause());
    }
    for (;;)
        pause();
}
