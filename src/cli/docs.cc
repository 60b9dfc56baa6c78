// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
namespace caisson::cli {
int docs_main(int, char**) { return 125; }
}  // namespace caisson::cli
