// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__x86_64__)
#include "sys/raw-x86_64.h"
#else
#error "a port needs its own src/sys/raw-ARCH.h, next to raw-x86_64.h"
#endif
