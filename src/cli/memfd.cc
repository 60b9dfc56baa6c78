// SPDX-License-Identifier: Apache-2.0
//
// The commands of `caisson memfd` and their options.
#include "cli/memfd.h"

#include <string.h>

#include "base/try.h"
#include "caisson/launch.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/parse_options.h"

namespace caisson::cli {
namespace {

using R = MemfdRequest;
using Row = Option<MemfdRequest>;
using enum Takes;

constexpr const char* group = "Options";

template <typename Field, typename Value>
Result<void> set(Field& field, Value value) {
    field = std::move(value);
    return {};
}

constexpr Row help_row = {"help",  'h',     nothing,
                          nullptr, group,   "Print this.",
                          {},      nullptr, [](R& r, const char*) { return set(r.help, true); }};

constexpr Row create_rows[] = {
    {"hugetlb", '\0', maybe_value, "SIZE", group,
     "Of huge pages of SIZE (2M, 1G …), by default of the machine's default size; the file's size "
     "is then a multiple of theirs.",
     Completes::words, "2M 1G", set_huge_pages},
    {"exec",
     '\0',
     nothing,
     nullptr,
     group,
     "May be executed. Without this and --noexec, what vm.memfd_noexec says.",
     {},
     nullptr,
     [](R& r, const char*) { return set(r.execution, Execution::allowed); }},
    {"noexec",
     '\0',
     nothing,
     nullptr,
     group,
     "Can never be made executable.",
     {},
     nullptr,
     [](R& r, const char*) { return set(r.execution, Execution::refused); }},
    {"fill", 'f', value, "FILE|-", group,
     "Begin with the content of FILE, or of standard input, which must not be larger than SIZE.",
     Completes::file, nullptr, [](R& r, const char* v) { return set(r.fill, std::string(v)); }},
    {"print-path",
     '\0',
     nothing,
     nullptr,
     group,
     "Print the path in /proc and nothing else.",
     {},
     nullptr,
     [](R& r, const char*) { return set(r.print_path, true); }},
    help_row,
};

constexpr Row seals_rows[] = {
    {"json",
     '\0',
     nothing,
     nullptr,
     group,
     "One JSON object a line, with the members path and seals.",
     {},
     nullptr,
     [](R& r, const char*) { return set(r.json, true); }},
    help_row,
};

constexpr Row run_rows[] = {
    {"fill", 'f', value, "FILE|-", group,
     "Execute the content of FILE, or of standard input; COMMAND is then only the program's name "
     "for itself.",
     Completes::file, nullptr, [](R& r, const char* v) { return set(r.fill, std::string(v)); }},
    {"name",
     'n',
     value,
     "NAME",
     group,
     "The memory file's name, as /proc/PID/exe shows it; by default that of COMMAND.",
     {},
     nullptr,
     [](R& r, const char* v) { return set(r.name, std::string(v)); }},
    help_row,
};

constexpr MemfdCommand commands[] = {
    {"create", "create NAME SIZE [SEALS] [OPTION…]",
     "Makes a memory file of SIZE bytes (4096, 64k, 2M, 1G; - with --fill: as large as what\n"
     "fills it), seals it, prints where it can be opened, and keeps it until it is ended.\n"
     "SEALS are letters: g grow, s shrink, w write, W future write, S seal, x exec.\n",
     create_rows, MemfdCommand::Options::anywhere, memfd_create},
    {"seals", "seals [OPTION…] PATH…",
     "Prints the seals of memory files, each in one line, as /proc/PID/fd/FD leads to them.\n",
     seals_rows, MemfdCommand::Options::anywhere, memfd_seals},
    {"run", "run [OPTION…] [--] COMMAND [ARG…]",
     "Executes COMMAND, found along PATH, from a sealed copy of it in memory. Of a script the\n"
     "copy stays open, because its interpreter reads it as /dev/fd/N.\n",
     run_rows, MemfdCommand::Options::first, memfd_run},
};

int print_help(const MemfdCommand& command) {
    return print_out(std::string("usage: caisson memfd ") + command.usage + "\n\n" + command.help +
                     options_help(command.options) +
                     "\nThe whole manual page: caisson docs man-memfd | man -l -\n");
}

int print_commands() {
    std::string out = "usage: caisson memfd COMMAND …\n\nMemory files (memfd_create(2)).\n\n";
    for (const MemfdCommand& command : commands)
        out += std::string("  caisson memfd ") + command.usage + "\n";
    return print_out(out + "\n`caisson memfd COMMAND --help` says more.\n");
}

int refuse(const Error& error) {
    print_error(error);
    return exit_status(error);
}

// Options may stand between operands, so begin again behind each; but "--" ends them.
Result<MemfdRequest> parse(const MemfdCommand& command, int argc, char** argv) {
    MemfdRequest request;
    std::string name = std::string("memfd ") + command.name;
    bool ended = false;
    while (!ended) {
        argv[0] = name.data();
        const int next = TRY(parse_options<MemfdRequest>(command.options, argc, argv, request));
        ended = command.where == MemfdCommand::Options::first || next >= argc ||
                strcmp(argv[next - 1], "--") == 0;
        const int taken = ended ? argc : next + 1;
        request.operands.insert(request.operands.end(), argv + next, argv + taken);
        argc -= taken - 1;
        argv += taken - 1;
    }
    return request;
}

}  // namespace

std::span<const MemfdCommand> memfd_commands() {
    return commands;
}

int memfd_main(int argc, char** argv) {
    const std::string_view wanted = argc < 2 ? "" : argv[1];
    if (wanted == "--help" || wanted == "-h") return print_commands();
    for (const MemfdCommand& command : commands) {
        if (wanted != command.name) continue;
        const Result<MemfdRequest> request = parse(command, argc - 1, argv + 1);
        if (!request) return refuse(request.error());
        if (request.value().help) return print_help(command);
        const Result<int> status = command.run(request.value());
        return status ? status.value() : refuse(status.error());
    }
    const char* reason = wanted.empty() ? "memfd needs a command" : "there is no such command";
    return refuse({"options", {}, std::string(wanted), 0, reason, "one of create, seals, run"});
}

}  // namespace caisson::cli
