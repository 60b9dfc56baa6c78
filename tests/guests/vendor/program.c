// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>

const char* vendor_name(void);

int main(void) {
    return puts(vendor_name()) < 0;
}
