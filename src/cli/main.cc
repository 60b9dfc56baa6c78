// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "cli/ch_run.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/parse_options.h"
#include "cli/streams.h"

namespace caisson::cli {
namespace {

struct Command {
    const char* name;
    int (*main)(int argc, char** argv);
    const char* help;
};

int version_main(int, char**) {
    return puts("caisson " CAISSON_VERSION) < 0 ? 125 : 0;
}
int help_main(int, char**);

constexpr Command commands[] = {
    {"run", run_main, "run a command in an image"},
    {"plan", plan_main, "print what a command would do, and do nothing: caisson plan run …"},
    {"ch-run", ch_run_main, "be Charliecloud's ch-run, as under that name"},
    {"image", image_main, "list the images that are known by name: caisson image list"},
    {"doctor", doctor_main, "check what this host allows, and say what to do about the rest"},
    {"enter", enter_main, "lock a server into the directory that it serves"},
    {"memfd", memfd_main, "make, look at and execute sealed memory files"},
    {"config", config_main, "show what the configuration files set, or check them"},
    {"docs", docs_main, "print the manual page or a shell's completion: man, bash, zsh, fish"},
    {"version", version_main, "print the version"},
    {"help", help_main, "print this"},
};

void print_commands(FILE* to) {
    fputs("usage: caisson COMMAND [OPTION…] [ARGUMENT…]\n\n", to);
    for (const Command& command : commands) {
        fprintf(to, "  %-9s %s\n", command.name, command.help);
    }
    fputs("\n`caisson COMMAND --help` says more.\n", to);
}

int help_main(int, char**) {
    print_commands(stdout);
    return fflush(stdout) == 0 ? 0 : 125;
}

int unknown_command(const char* name) {
    std::vector<std::string> names;
    for (const Command& command : commands)
        names.emplace_back(command.name);
    const std::string near = text::nearest(name, names);
    print_error({"options",
                 {},
                 name,
                 0,
                 "there is no such command",
                 near.empty() ? "see `caisson help`" : "did you mean " + near + "?"});
    return 125;
}

}  // namespace

void print_error(const Error& error) {
    const std::string line = "caisson: " + error.text() + "\n";
    (void)!write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace caisson::cli

int main(int argc, char** argv) {
    using namespace caisson::cli;
    if (!open_missing_streams()) return 125;
    // AT_SECURE: the kernel's word for set-user-ID, set-group-ID and file capabilities. This
    // program does as it is told; told by somebody else than its privileges belong to, it must not.
    if (getauxval(AT_SECURE) != 0) {
        print_error({"start",
                     {},
                     {},
                     0,
                     "installed set-user-ID or with file capabilities",
                     "chmod u-s,g-s, setcap -r: caisson needs no privileges of its own"});
        return 125;
    }
    if (argc > 0 && is_ch_run(argv[0])) return ch_run_main(argc, argv);
    if (argc < 2) {
        print_commands(stderr);
        return 125;
    }
    const char* name = argv[1];
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) name = "version";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) name = "help";
    for (const Command& command : commands) {
        if (strcmp(name, command.name) == 0) return command.main(argc - 1, argv + 1);
    }
    return unknown_command(name);
}
