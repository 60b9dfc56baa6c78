// SPDX-License-Identifier: Apache-2.0
#include "cli/trace_report.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "caisson/fd.h"

namespace caisson::cli {
namespace {

std::string as_trace(const std::vector<PhaseTime>& times) {
    nlohmann::ordered_json events = nlohmann::ordered_json::array();
    for (const PhaseTime& phase : times) {
        events.push_back({{"name", phase.name},
                          {"ph", "X"},
                          {"ts", static_cast<double>(phase.begin_ns) / 1000},
                          {"dur", static_cast<double>(phase.end_ns - phase.begin_ns) / 1000},
                          {"pid", 1},
                          {"tid", 1}});
    }
    return nlohmann::ordered_json{{"traceEvents", events}, {"displayTimeUnit", "ns"}}.dump(1) +
           "\n";
}

}  // namespace

Result<LaunchOptions> trace_into(const std::string& path) {
    const auto file =
        std::make_shared<Fd>(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!*file) return Error{"trace", "open", path, errno, {}, {}};
    LaunchOptions options;
    options.measured = [file, path](const std::vector<PhaseTime>& times) {
        const std::string text = as_trace(times);
        if (write(file->get(), text.data(), text.size()) == static_cast<ssize_t>(text.size())) {
            return;
        }
        const std::string line =
            "caisson: " + Error{"trace", "write", path, errno, {}, {}}.text() + "\n";
        (void)!write(STDERR_FILENO, line.data(), line.size());
    };
    return options;
}

}  // namespace caisson::cli
