// SPDX-License-Identifier: Apache-2.0
const char* vendor_name(void);

const char* vendor_name(void) {
    return "the vendor's library";
}
