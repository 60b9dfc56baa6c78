// SPDX-License-Identifier: Apache-2.0
//
// From the text of one of ch-run's options to its request. Errors are whole sentences in ch-run's
// words, all in `reason`.
#pragma once

#include "cli/ch_run_request.h"

namespace caisson::cli {

// An Error in ch-run's words; its text is what stands behind `ch-run[PID]: error: `.
Error ch_run_error(std::string text);

Result<void> ch_bind(ChRunRequest& request, const char* value);
Result<void> ch_id(std::optional<uint32_t>& id, const char* option, const char* value);
Result<void> ch_cdi_dirs(ChRunRequest& request, const char* value);
Result<void> ch_device(ChRunRequest& request, const char* value);
Result<void> ch_color(ChRunRequest& request, const char* value);
Result<void> ch_feature(ChRunRequest& request, const char* value);
Result<void> ch_mount_point(ChRunRequest& request, const char* value);
Result<void> ch_no_home(ChRunRequest& request, const char* value);
Result<void> ch_storage(ChRunRequest& request, const char* value);
Result<void> ch_unset_env(ChRunRequest& request, const char* value);
Result<void> ch_test(ChRunRequest& request, const char* value);
Result<void> ch_join_count(ChRunRequest& request, const char* value);
Result<void> ch_join_pid(ChRunRequest& request, const char* value);
Result<void> ch_join_tag(ChRunRequest& request, const char* value);
Result<void> ch_warnings(ChRunRequest& request, const char* value);
Result<void> ch_verbose(ChRunRequest& request, const char* value);
Result<void> ch_quiet(ChRunRequest& request, const char* value);

// The whole of `text` as a decimal number, as strtol(3) reads one; the Error begins with `option`.
Result<long> ch_number(const char* option, const char* text);

}  // namespace caisson::cli
