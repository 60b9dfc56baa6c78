// SPDX-License-Identifier: Apache-2.0
#include "cli/ch_run_values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "base/try.h"
#include "cli/run_values.h"

namespace caisson::cli {
namespace {

Result<void> answer(ChRunRequest& request, ChRunRequest::Answer answer) {
    request.answer = answer;
    return {};
}

void adjust_level(ChRunRequest& request) {
    request.log.set_level(request.verbose - request.quiet);
}

}  // namespace

Error ch_run_error(std::string text) {
    return {"ch-run", {}, {}, 0, std::move(text), {}};
}

Result<long> ch_number(const char* option, const char* text) {
    const std::string name = std::string(option) + ": ";
    char* end = nullptr;
    errno = 0;
    const long number = strtol(text, &end, 10);
    if (end == text) return ch_run_error(name + "no digits found");
    if (errno == ERANGE) return ch_run_error(name + "out of range");
    if (*end) return ch_run_error(name + "extra characters after digits");
    return number;
}

// At the first colon: the rest is the destination, colons and all.
Result<void> ch_bind(ChRunRequest& request, const char* value) {
    const std::string_view text = value;
    const size_t colon = text.find(':');
    const std::string_view from = text.substr(0, colon);
    const std::string_view to = colon == text.npos ? from : text.substr(colon + 1);
    if (from.empty()) return ch_run_error("--bind: no source provided");
    if (to.empty()) return ch_run_error("--bind: no destination provided");
    if (!path::is_absolute(to)) return ch_run_error("--bind: destination must be absolute");
    if (path::collapsed(to) == "/") return ch_run_error("--bind: destination can't be /");
    request.run.spec.mounts.push_back(Bind{std::string(from), std::string(to)});
    return {};
}

Result<void> ch_id(std::optional<uint32_t>& id, const char* option, const char* value) {
    const long number = TRY(ch_number(option, value));
    const std::string name = std::string(option) + ": ";
    if (number < 0) return ch_run_error(name + "must be non-negative");
    // 4294967295 is “leave as it is” to setresuid(2).
    if (number >= UINT32_MAX) return ch_run_error(name + "out of range");
    id = static_cast<uint32_t>(number);
    return {};
}

Result<void> ch_join_count(ChRunRequest& request, const char* value) {
    const long count = TRY(ch_number("--join-ct", value));
    if (count <= 0) return ch_run_error("join: no valid peer group size found");
    if (count > 1 << 20) return ch_run_error("--join-ct: out of range");
    request.run.join.peers = true;
    request.run.join.count = static_cast<unsigned>(count);
    return {};
}

Result<void> ch_join_pid(ChRunRequest& request, const char* value) {
    const long pid = TRY(ch_number("--join-pid", value));
    if (pid <= 0 || pid > INT32_MAX) return ch_run_error("--join-pid: out of range");
    request.run.join.pid = static_cast<pid_t>(pid);
    return {};
}

Result<void> ch_join_tag(ChRunRequest& request, const char* value) {
    if (!*value) return ch_run_error("--join-tag: tag can't be empty");
    request.run.join.peers = true;
    request.run.join.tag = value;
    return {};
}

Result<void> ch_color(ChRunRequest& request, const char* value) {
    struct Word {
        const char* word;
        ChRunLog::Color color;
    };
    using enum ChRunLog::Color;
    static constexpr Word words[] = {{"auto", automatic}, {"tty", automatic}, {"if-tty", automatic},
                                     {"yes", always},     {"always", always}, {"force", always},
                                     {"no", never},       {"never", never},   {"none", never}};
    const char* wanted = value ? value : "always";
    for (const Word& word : words) {
        if (strcmp(wanted, word.word) != 0) continue;
        request.log.set_color(word.color);
        return {};
    }
    return ch_run_error(std::string("--color: invalid argument: ") + wanted);
}

Result<void> ch_feature(ChRunRequest& request, const char* value) {
    request.feature = value;
    return answer(request, ChRunRequest::Answer::feature);
}

Result<void> ch_mount_point(ChRunRequest& request, const char* value) {
    if (!*value) return ch_run_error("mount point can't be empty string");
    struct stat found {};
    if (stat(value, &found) < 0) {
        return ch_run_error(std::string("can't stat mount point: ") + value + ": " +
                            strerrordesc_np(errno));
    }
    if (!S_ISDIR(found.st_mode)) return ch_run_error(std::string("not a directory: ") + value);
    request.mount_point = value;
    return {};
}

Result<void> ch_no_home(ChRunRequest& request, const char*) {
    request.log.print(ChRunLog::Level::warning, "--no-home is deprecated: it has no effect");
    return {};
}

Result<void> ch_storage(ChRunRequest& request, const char* value) {
    if (access(value, F_OK) < 0) {
        request.log.print(ChRunLog::Level::warning,
                          std::string("storage directory not found: ") + value);
    }
    request.run.storage = value;
    return {};
}

Result<void> ch_unset_env(ChRunRequest& request, const char* value) {
    if (!*value) return ch_run_error("--unset-env: GLOB must have non-zero length");
    return unset_env(request.run, value);
}

Result<void> ch_test(ChRunRequest& request, const char* value) {
    if (strcmp(value, "log") == 0) return answer(request, ChRunRequest::Answer::log);
    if (strcmp(value, "log-fail") == 0) return answer(request, ChRunRequest::Answer::log_fail);
    return ch_run_error(std::string("invalid --test argument: ") + value);
}

Result<void> ch_warnings(ChRunRequest& request, const char* value) {
    const long number = TRY(ch_number("--warnings", value));
    if (number < 0) return ch_run_error("--warnings: must be non-negative");
    if (number > INT32_MAX) return ch_run_error("--warnings: out of range");
    request.warnings = static_cast<int>(number);
    return answer(request, ChRunRequest::Answer::warnings);
}

Result<void> ch_verbose(ChRunRequest& request, const char*) {
    if (request.quiet > 0) return ch_run_error("--verbose incompatible with --quiet");
    if (++request.verbose > 3) {
        return ch_run_error("--verbose can be specified at most thrice");
    }
    adjust_level(request);
    return {};
}

Result<void> ch_quiet(ChRunRequest& request, const char*) {
    if (request.verbose > 0) return ch_run_error("--quiet incompatible with --verbose");
    if (++request.quiet > 3) return ch_run_error("--quiet can be specified at most thrice");
    adjust_level(request);
    return {};
}

Result<void> ch_cdi_dirs(ChRunRequest& request, const char* value) {
    if (set_device_directories(request.run, value)) return {};
    return ch_run_error("--cdi-dirs: empty name of a directory");
}

// The directories of the environment count unless --cdi-dirs, before or after, names others.
Result<void> ch_device(ChRunRequest& request, const char* value) {
    if (!*value) return ch_run_error("--device: no device provided");
    const char* directories = getenv("CH_RUN_CDI_DIRS");
    if (request.run.device_directories.empty() && directories && *directories) {
        TRY(ch_cdi_dirs(request, directories));
    }
    return add_device(request.run, value);
}

}  // namespace caisson::cli
