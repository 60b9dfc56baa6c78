// SPDX-License-Identifier: Apache-2.0
#include "cli/ch_run_log.h"

#include <string.h>
#include <unistd.h>

namespace caisson::cli {
namespace {

// As many bytes of warnings as ch-run itself keeps.
constexpr size_t most_kept = 4096;

struct Look {
    ChRunLog::Level level;
    const char* label;
    const char* color;  // of ECMA-48, in 256 colours
};

using enum ChRunLog::Level;
constexpr Look looks[] = {
    {fatal, "error: ", "\033[0;38;5;204m"}, {warning, "warning: ", "\033[0;38;5;214m"},
    {info, "", "\033[0;38;5;39m"},          {verbose, "", "\033[0;38;5;49m"},
    {debug, "", "\033[0;38;5;81m"},         {trace, "", "\033[0;38;5;105m"},
};

const Look& look_of(ChRunLog::Level level) {
    for (const Look& look : looks) {
        if (look.level == level) return look;
    }
    return looks[0];
}

}  // namespace

bool ChRunLog::prints(Level level) const {
    return level == Level::fatal || static_cast<int>(level) <= level_;
}

void ChRunLog::print(Level level, std::string_view text) {
    if (!prints(level)) return;
    write_line(level, text);
    if (level != Level::warning || warnings_size_ + text.size() > most_kept) return;
    warnings_.emplace_back(text);
    warnings_size_ += text.size();
}

void ChRunLog::reprint_warnings() {
    if (warnings_.empty()) return;
    write_line(Level::info, "reprinting first " + std::to_string(warnings_.size()) + " warning(s)");
    for (const std::string& text : warnings_)
        write_line(Level::warning, text);
    warnings_.clear();
}

void ChRunLog::write_line(Level level, std::string_view text) {
    const Look& look = look_of(level);
    const bool colored =
        color_ == Color::always || (color_ == Color::automatic && isatty(fd_) != 0);
    std::string line = colored ? look.color : "";
    line += "ch-run[" + std::to_string(getpid()) + "]: " + look.label;
    line += text;
    if (colored) line += "\033[0m";
    line += '\n';
    (void)!write(fd_, line.data(), line.size());
}

}  // namespace caisson::cli
