// SPDX-License-Identifier: Apache-2.0
//
// `caisson run` and `caisson plan run`.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/try.h"
#include "caisson/launch.h"
#include "caisson/plan.h"
#include "cli/before_libc.h"
#include "cli/commands.h"
#include "cli/config.h"
#include "cli/help.h"
#include "cli/run_joined.h"
#include "cli/run_request.h"
#include "cli/run_spec.h"
#include "cli/status_report.h"
#include "cli/supervise.h"
#include "cli/trace_report.h"

namespace caisson::cli {
namespace {

// setsid(2) is refused to the leader of a process group, which a shell makes of each job.
bool must_fork_for_session(const Spec& spec) {
    return spec.new_session && getpgrp() == getpid();
}

// In place unless somebody has to be there when the program has ended.
bool needs_supervisor(const RunRequest& request, const Spec& spec) {
    return spec.namespaces.pid || spec.namespaces.time || request.timeout ||
           request.status_fd >= 0 || must_fork_for_session(spec);
}

int refuse(const RunRequest& request, const Error& error) {
    report_failed(request.status_fd, error);
    print_error(error);
    return exit_status(error);
}

Result<int> run_joined(const RunRequest& request, std::unique_ptr<const Host> host,
                       bool only_explain) {
    if (only_explain) {
        Wanted wanted = TRY(wanted_by(request, *host, environ));
        return print_out(TRY(joined_plans(std::move(wanted), request.join, *host)));
    }
    const Peers peers = request.join.pid ? Peers() : TRY(peers_of(request.join));
    Joined joined = TRY(join(request.join, peers, print_error));
    Wanted wanted = TRY(wanted_by(request, *host, environ));
    fit_in(wanted, joined, request.join);
    const Plan plan = TRY(compile(wanted.spec, *host));
    TRY(let_in(joined, wanted, *host));
    return start_run(request, wanted, plan, std::move(host));
}

Result<int> run(const RunRequest& request, bool only_explain) {
    auto host = this_host();
    if (request.join.is_wanted()) return run_joined(request, std::move(host), only_explain);
    const Wanted wanted = TRY(wanted_by(request, *host, environ));
    for (const std::string& warning : wanted.warnings)
        fprintf(stderr, "caisson: warning: %s\n", warning.c_str());
    const Plan plan = TRY(compile(wanted.spec, *host));
    if (only_explain) return print_out(plan.text(&wanted.program));
    return start_run(request, wanted, plan, std::move(host));
}

int run_command(int argc, char** argv, bool only_explain) {
    Result<RunRequest> request = parse_run(argc, argv);
    if (!request) {
        print_error(request.error());
        return 125;
    }
    if (request.value().help) return print_run_help();
    if (auto bad = apply_config(environ, request.value()); !bad) {
        return refuse(request.value(), bad.error());
    }
    const Result<int> status = run(request.value(), only_explain || request.value().explain);
    return status ? status.value() : refuse(request.value(), status.error());
}

}  // namespace

std::optional<int> run_before_libc(int argc, char** argv) {
    Result<RunRequest> request = parse_run(argc, argv, run_options_before_libc());
    if (!request) return {};
    const auto error = become_before_libc(std::move(request).value());
    if (!error) return {};
    print_error(*error);
    return exit_status(*error);
}

Result<int> start_run(const RunRequest& request, const Wanted& wanted, const Plan& plan,
                      std::unique_ptr<const Host> host) {
    // It holds descriptors, which nobody would close then, for the program to find.
    if (!wanted.spec.close_descriptors) host.reset();
    LaunchOptions options;
    if (!request.trace_file.empty()) options = TRY(trace_into(request.trace_file));
    if (!needs_supervisor(request, wanted.spec)) return become(plan, wanted.program, options);
    return supervise(plan, wanted.program, options,
                     {request.timeout, request.status_fd, wanted.spec.keep_descriptors,
                      wanted.spec.new_session});
}

int run_main(int argc, char** argv) {
    return run_command(argc, argv, false);
}

int plan_main(int argc, char** argv) {
    if (argc > 1 && strcmp(argv[1], "run") == 0) return run_command(argc - 1, argv + 1, true);
    if (argc > 1 && strcmp(argv[1], "ch-run") == 0) return plan_ch_run_main(argc - 1, argv + 1);
    print_error({"options", {}, {}, 0, "plan needs a command", "caisson plan run IMAGE …"});
    return 125;
}

}  // namespace caisson::cli
