// SPDX-License-Identifier: Apache-2.0
//
// The engine's errors in ch-run's words, where it has some: scripts look for them.
#include <errno.h>
#include <string.h>

#include "cli/ch_run.h"

namespace caisson::cli {
namespace {

// What stands behind the subject.
enum class Then { reason_and_hint, hint, nothing };

struct Words {
    const char* phase;
    const char* operation;  // nullptr: any
    int errno_value;        // 0: any
    const char* text;       // in front of the subject
    Then then;
};

constexpr Words table[] = {
    {"image", "stat", 0, "can't stat: ", Then::reason_and_hint},
    {"image", "mount", 0, "this ch-run does not support internal SquashFS mounts: ", Then::hint},
    {"image", "", 0, "unknown image type: ", Then::hint},
    {"options", "open", 0, "can't open: ", Then::reason_and_hint},
    {"exec", nullptr, 0, "can't execvpe(3): ", Then::reason_and_hint},
    {"seccomp", "kexec_load", 0,
     "seccomp root emulation failed (is your architecture supported?): ", Then::nothing},
    {"cwd", nullptr, 0, "can't cd to ", Then::reason_and_hint},
    // The engine's hint names an option that this door does not have.
    {"mounts", "open_tree", ENOENT, "can't bind: source not found: ", Then::nothing},
};

bool fits(const Words& words, const Error& error) {
    return error.phase == words.phase && (!words.operation || error.operation == words.operation) &&
           (words.errno_value == 0 || error.errno_value == words.errno_value);
}

// "/proc/N/ns/user" is the subject of what --join-pid fails at.
std::string join_text(const Error& error) {
    const std::string_view path = error.subject;
    if (error.errno_value == ENOENT && path.starts_with("/proc/")) {
        const std::string_view pid = path.substr(6, path.find('/', 6) - 6);
        return "join: no PID " + std::string(pid) + ": " + error.subject + " not found";
    }
    if (error.errno_value != 0 && path.starts_with("/proc/")) {
        return "join: can't open " + error.subject + ": " + strerrordesc_np(error.errno_value);
    }
    if (error.operation == "count") return "join: " + error.reason;
    return error.text();
}

}  // namespace

std::string ch_run_text(const Error& error) {
    const std::string hint = error.hint.empty() ? "" : " (" + error.hint + ")";
    if (error.phase == "ch-run") return error.reason + hint;
    if (error.phase == "join") return join_text(error);
    for (const Words& words : table) {
        if (!fits(words, error)) continue;
        std::string text = words.text + error.subject;
        if (words.then == Then::nothing) return text;
        if (words.then == Then::hint) return text + hint;
        text += ": ";
        text += error.errno_value != 0 ? strerrordesc_np(error.errno_value) : error.reason.c_str();
        return text + hint;
    }
    return error.text();
}

int ch_run_status(const Error& error) {
    return error.phase == "exec" ? ch_run_exec_failed : ch_run_failed;
}

}  // namespace caisson::cli
