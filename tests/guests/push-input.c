// SPDX-License-Identifier: Apache-2.0
//
// push-input: tries to type into the terminal it was started from (TIOCSTI, CVE-2017-5226), by
// its standard input and by /dev/tty.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(void) {
    printf("stdin: %s\n", ioctl(0, TIOCSTI, "x") < 0 ? strerror(errno) : "pushed");
    const int tty = open("/dev/tty", O_RDWR);
    printf("/dev/tty: %s\n", tty < 0 ? strerror(errno) : "open");
    if (tty >= 0) printf("tty: %s\n", ioctl(tty, TIOCSTI, "x") < 0 ? strerror(errno) : "pushed");
    return 0;
}
