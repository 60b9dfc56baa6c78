// SPDX-License-Identifier: Apache-2.0
#include "cli/run_request.h"

#include "base/try.h"
#include "cli/parse_options.h"
#include "cli/run_values.h"

namespace caisson::cli {

Result<RunRequest> parse_run(int argc, char** argv, std::span<const Option<RunRequest>> options) {
    RunRequest request;
    const int operands = TRY(parse_options(options, argc, argv, request));
    if (request.help) return request;
    TRY(check_join(request.join));
    if (operands >= argc) {
        return Error{"options", {}, {}, 0, "IMAGE is missing", "see `caisson run --help`"};
    }
    request.image = argv[operands];
    int next = operands + 1;
    if (next < argc && std::string_view(argv[next]) == "--") next++;
    request.command.assign(argv + next, argv + argc);
    return request;
}

}  // namespace caisson::cli
