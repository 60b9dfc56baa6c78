// SPDX-License-Identifier: Apache-2.0
//
// `ch-run`, by that name or as `caisson ch-run`, and `caisson plan ch-run`: reads Charliecloud's
// command line, and runs what `caisson run` would.
#include "cli/ch_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/text.h"
#include "base/try.h"
#include "caisson/launch.h"
#include "cli/before_libc.h"
#include "cli/ch_run_values.h"
#include "cli/commands.h"
#include "cli/config.h"
#include "cli/help.h"
#include "cli/run_joined.h"
#include "cli/run_spec.h"

namespace caisson::cli {
namespace {

using Level = ChRunLog::Level;

int end_with(ChRunRequest& request, const Error& error) {
    request.log.print(Level::fatal, ch_run_text(error));
    request.log.reprint_warnings();
    if (request.abort_on_fatal) abort();
    return ch_run_status(error);
}

int refuse_command_line(ChRunRequest& request, const Error& error) {
    if (error.phase != told_by_getopt) return end_with(request, error);
    if (error.operation.empty()) {
        print_ch_run_see_help();
        return EX_USAGE;
    }
    print_ch_run_usage();
    return end_with(request, ch_run_error(error.reason));
}

// What -v tells of a run.
void describe(ChRunLog& log, const ChRunRequest& request, const Wanted& wanted, const Host& host) {
    if (!log.prints(Level::verbose)) return;
    const Spec& spec = wanted.spec;
    log.print(Level::verbose, "verbosity: " + std::to_string(request.verbose));
    log.print(Level::verbose, "image: " + request.run.image);
    const std::string& storage = request.run.storage;
    log.print(Level::verbose,
              "storage: " + (storage.empty() ? default_storage(environ, host) : storage));
    log.print(Level::verbose, "newroot: " + spec.root->directory);
    log.print(Level::verbose, "container uid: " + std::to_string(spec.uid.value_or(host.uid())));
    log.print(Level::verbose, "container gid: " + std::to_string(spec.gid.value_or(host.gid())));
    log.print(Level::verbose,
              std::string("private /tmp: ") + (request.run.guest.host_tmp ? "0" : "1"));
    log.print(Level::verbose, "executing: " + text::join(wanted.program.arguments, " "));
}

void describe(ChRunLog& log, const Plan& plan, const Program& program) {
    if (!log.prints(Level::debug)) return;
    for (const std::string& line : text::split(plan.text(&program), '\n')) {
        if (!line.empty()) log.print(Level::debug, line);
    }
}

// -qq hides what the command prints, -qqq also what it complains of. Messages of this door's own go
// to where standard error was.
Result<void> hide_output(ChRunRequest& request, Program& program) {
    if (request.quiet < 2) return {};
    const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (null < 0) return Error{"stdio", "open", "/dev/null", errno, {}, {}};
    program.redirections.push_back({null, STDOUT_FILENO});
    if (request.quiet < 3) return {};
    const int copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (copy < 0) return Error{"stdio", "fcntl", "standard error", errno, {}, {}};
    request.log.set_descriptor(copy);
    program.redirections.push_back({null, STDERR_FILENO});
    return {};
}

void warn_of_what_does_nothing(ChRunRequest& request) {
    if (request.mount_point.empty()) return;
    request.log.print(Level::warning, "--mount invalid with directory image, ignoring");
}

// The words that scripts look for. Nothing has to be cleaned up; the last one says so all the same.
void describe(ChRunLog& log, const Peers& peers, const Meeting& meeting) {
    const auto say = [&](const std::string& text) { log.print(Level::verbose, "join: " + text); };
    say(meeting.is_first() ? "I won" : "I lost");
    if (meeting.is_first()) {
        say("winner initializing shared data");
    } else {
        log.print(Level::verbose, "joining namespaces of pid " + std::to_string(meeting.first()));
    }
    const unsigned left = meeting.still_away();
    say(std::to_string(left) + " peers left excluding myself");
    if (left == 0 && peers.count > 0) say("cleaning up IPC resources: there are none");
}

Result<Joined> join_as_asked(ChRunRequest& request) {
    const JoinRequest& asked = request.run.join;
    if (asked.pid && asked.peers) return ch_run_error("--join-pid incompatible with --join");
    const auto missing = [](const Error& error) {
        ChRunLog().print(Level::warning, ch_run_text(error));
    };
    Peers peers;
    if (!asked.pid) peers = TRY(peers_of(asked));
    // With a tag alone `caisson run` shares with whoever comes; ch-run has always wanted a number.
    if (!asked.pid && peers.count == 0) {
        return ch_run_error("join: no valid peer group size found");
    }
    request.log.print(Level::verbose, "join: " + std::to_string(asked.pid ? 0 : 1) + " " +
                                          std::to_string(peers.count) + " " + peers.tag + " " +
                                          std::to_string(asked.pid.value_or(0)));
    Joined joined = TRY(join(asked, peers, missing));
    if (joined.meeting) {
        describe(request.log, peers, *joined.meeting);
    } else {
        request.log.print(Level::verbose,
                          "joining namespaces of pid " + std::to_string(*asked.pid));
    }
    return joined;
}

// The Error alone comes back, or the exit status of a run that only explains.
Result<int> run(ChRunRequest& request, bool only_explain) {
    auto host = this_host();
    TRY(apply_config(environ, request.run));
    const bool joins = request.run.join.is_wanted();
    Joined joined;
    if (joins && !only_explain) joined = TRY(join_as_asked(request));
    Wanted wanted = TRY(wanted_by(request.run, *host, environ));
    warn_of_what_does_nothing(request);
    for (const std::string& warning : wanted.warnings)
        request.log.print(Level::warning, warning);
    TRY(hide_output(request, wanted.program));
    if (joins && only_explain) {
        return print_out(TRY(joined_plans(std::move(wanted), request.run.join, *host)));
    }
    describe(request.log, request, wanted, *host);
    if (joins) fit_in(wanted, joined, request.run.join);
    const Plan plan = TRY(compile(wanted.spec, *host));
    if (only_explain) return print_out(plan.text(&wanted.program));
    describe(request.log, plan, wanted.program);
    TRY(let_in(joined, wanted, *host));
    host.reset();  // it holds descriptors, which nobody would close for the program
    return become(plan, wanted.program);
}

int run_command(int argc, char** argv, bool only_explain) {
    ChRunRequest request;
    if (argc < 2) {
        print_ch_run_help();
        return ch_run_no_arguments;
    }
    const Result<void> parsed = parse_ch_run(argc, argv, request);
    if (!parsed) return refuse_command_line(request, parsed.error());
    if (request.answer != ChRunRequest::Answer::none) {
        const int status = ch_run_answer(request);
        request.log.reprint_warnings();
        return status;
    }
    const Result<int> status = run(request, only_explain);
    return status ? status.value() : end_with(request, status.error());
}

}  // namespace

bool is_ch_run(const char* name) {
    const char* slash = strrchr(name, '/');
    return strcmp(slash ? slash + 1 : name, "ch-run") == 0;
}

std::optional<int> ch_run_before_libc(int argc, char** argv) {
    ChRunRequest request;
    if (!parse_ch_run_before_libc(argc, argv, request)) return {};
    const auto error = become_before_libc(std::move(request.run));
    if (!error) return {};
    return end_with(request, *error);
}

int ch_run_main(int argc, char** argv) {
    return run_command(argc, argv, false);
}

int plan_ch_run_main(int argc, char** argv) {
    return run_command(argc, argv, true);
}

}  // namespace caisson::cli
