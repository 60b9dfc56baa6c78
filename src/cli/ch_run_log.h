// SPDX-License-Identifier: Apache-2.0
//
// Messages in ch-run's form: `ch-run[PID]: error: TEXT`, one write(2) each, on standard error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace caisson::cli {

class ChRunLog {
  public:
    enum class Level { fatal = -3, warning = -1, info = 0, verbose = 1, debug = 2, trace = 3 };
    enum class Color { automatic, always, never };

    // Messages above this level are not printed. Fatal ones always are.
    void set_level(int level) { level_ = level; }
    void set_color(Color color) { color_ = color; }
    // Where the messages go: a copy of standard error once the program's is another.
    void set_descriptor(int fd) { fd_ = fd; }
    bool prints(Level level) const;

    // Warnings are remembered, for reprint_warnings().
    void print(Level level, std::string_view text);
    // At an end of the door's own, where they may have scrolled away.
    void reprint_warnings();

  private:
    void write_line(Level level, std::string_view text);

    int level_ = 0;
    int fd_ = 2;
    Color color_ = Color::automatic;
    std::vector<std::string> warnings_;
    size_t warnings_size_ = 0;  // bytes, of at most those that are worth reading again
};

}  // namespace caisson::cli
