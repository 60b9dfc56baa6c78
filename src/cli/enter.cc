// SPDX-License-Identifier: Apache-2.0
//
// `caisson enter`: for daemons that can't call enter() themselves. This process stays outside as
// the supervisor, and its fork becomes the command.
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/try.h"
#include "caisson/enter.h"
#include "cli/commands.h"
#include "cli/enter_request.h"
#include "cli/help.h"
#include "cli/parse_options.h"
#include "cli/run_spec.h"
#include "plan/hints.h"

namespace caisson::cli {
namespace {

Error exec_error(const char* operation, const std::string& subject, int error) {
    return {"exec", operation, subject,
            error,  {},        std::string(plan::hint_for("exec", operation, error))};
}

Result<EnterRequest> parse(int argc, char** argv) {
    EnterRequest request;
    request.directory.clear();
    const int operands = TRY(parse_options(enter_options(), argc, argv, request));
    if (request.help) return request;
    const auto wrong = [](const char* reason) {
        return Error{"options", {}, {}, 0, reason, "see `caisson enter --help`"};
    };
    if (operands >= argc) return wrong("COMMAND is missing");
    request.command.assign(argv + operands, argv + argc);
    const bool none = request.mode == EnterMode::none;
    if (request.directory.empty() != none) {
        return wrong(none ? "--mode none goes without --dir" : "--dir is missing");
    }
    if (none && (request.inside || request.read_only || request.noexec)) {
        return wrong("--inside, --read-only and --noexec need a --dir");
    }
    return request;
}

// What a file server calls, what a program needs to begin, and the socket that it binds itself.
Result<SeccompProgram> filter_of(CallRefusal refusal) {
    std::vector<int> calls = file_server_calls();
    for (const int call : {SYS_execve, SYS_execveat, SYS_socket, SYS_bind, SYS_setsid, SYS_wait4})
        calls.push_back(call);
    return allow_list(calls, refusal);
}

Result<Spec> spec_of(EnterRequest& request, const Host& host) {
    Spec spec = spec_for_entering(request.directory, request.mode, host);
    const Namespaces& more = request.spec.namespaces;
    if (request.mode == EnterMode::namespaces || !request.spec.id_maps.uids.empty()) {
        TRY(set_ids(request, host));
        spec.namespaces.user = request.spec.namespaces.user;
    }
    spec.namespaces.net = more.net;
    spec.namespaces.pid |= more.pid;
    spec.namespaces.ipc |= more.ipc;
    spec.namespaces.uts = more.uts;
    spec.namespaces.cgroup = more.cgroup;
    spec.namespaces.time = more.time;
    if (spec.root && request.read_only) spec.root->writes = RootWrites::refused;
    if (spec.root && request.noexec) spec.root->attributes.noexec = true;
    spec.uid = request.spec.uid;
    spec.gid = request.spec.gid;
    spec.groups = request.groups ? request.groups : request.spec.groups;
    spec.id_maps = request.spec.id_maps;
    spec.limits = request.spec.limits;
    spec.keep_descriptors = request.spec.keep_descriptors;
    spec.capabilities = request.add;
    if (request.refusal) spec.seccomp = TRY(filter_of(*request.refusal));
    return spec;
}

// --- the command

Result<Fd> open_command(const std::string& name) {
    const char* path = getenv("PATH");
    const Program program = program_from({name}, {}, path ? path : "/usr/bin:/bin");
    int error = ENOENT;
    for (const std::string& candidate : program.candidates) {
        Fd fd(open(candidate.c_str(), O_RDONLY | O_CLOEXEC));
        if (fd && faccessat(fd.get(), "", X_OK, AT_EMPTY_PATH | AT_EACCESS) == 0) return fd;
        if (errno != ENOENT && errno != ENOTDIR) error = errno;
    }
    return exec_error("open", name, error);
}

// The program that the kernel would look up, inside, to start this one; empty for a static one.
Result<std::string> interpreter_of(int fd, const std::string& name) {
    char head[2] = {};
    Elf64_Ehdr elf = {};
    if (pread(fd, head, sizeof head, 0) == sizeof head && memcmp(head, "#!", 2) == 0) {
        return std::string("of a script");
    }
    if (pread(fd, &elf, sizeof elf, 0) != sizeof elf || memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0) {
        return exec_error("open", name, ENOEXEC);
    }
    for (size_t i = 0; i < elf.e_phnum; i++) {
        Elf64_Phdr part = {};
        const off_t at = static_cast<off_t>(elf.e_phoff + i * elf.e_phentsize);
        if (pread(fd, &part, sizeof part, at) != sizeof part) break;
        if (part.p_type != PT_INTERP) continue;
        char path[256] = {};
        const size_t size = std::min<size_t>(part.p_filesz, sizeof path - 1);
        if (pread(fd, path, size, static_cast<off_t>(part.p_offset)) < 0) break;
        return std::string(path);
    }
    return std::string();
}

Result<void> check_runs_inside(int fd, const EnterRequest& request, const Host& host) {
    const std::string& name = request.command[0];
    const std::string interpreter = TRY(interpreter_of(fd, name));
    if (interpreter.empty() || request.mode == EnterMode::none) return {};
    if (interpreter[0] == '/' && host.exists(request.directory, interpreter)) return {};
    return Error{"exec",
                 "open",
                 name,
                 0,
                 interpreter[0] == '/' ? "is not static, and its loader " + interpreter +
                                             " is not in " + request.directory
                                       : "is a script, whose interpreter would need it by a path",
                 "--inside looks it up in there; or take a static program"};
}

// In the process inside; what comes back is why not.
Error execute(const EnterRequest& request, const Fd& command) {
    std::vector<char*> arguments;
    for (const std::string& argument : request.command)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    if (!command) {
        execvp(arguments[0], arguments.data());
    } else {
        syscall(SYS_execveat, command.get(), "", arguments.data(), environ, AT_EMPTY_PATH);
    }
    return exec_error("execve", request.command[0], errno);
}

Result<int> enter_and_run(EnterRequest request) {
    auto host = this_host();
    Spec spec = TRY(spec_of(request, *host));
    const std::vector<int> passed = spec.keep_descriptors;
    Fd command;
    if (!request.inside) {
        command = TRY(open_command(request.command[0]));
        TRY(check_runs_inside(command.get(), request, *host));
        spec.keep_descriptors.push_back(command.get());
    }
    const Plan plan = TRY(compile(spec, *host));
    if (request.explain) {
        Program program;
        program.arguments = request.command;
        return print_out(plan.text(&program));
    }
    host.reset();  // it holds descriptors, which would be somebody else's inside
    for (const int fd : passed)
        fcntl(fd, F_SETFD, 0);
    Result<Entered> entered = TRY(enter(plan));
    if (auto* supervisor = std::get_if<Supervisor>(&entered.value())) {
        end_like(supervisor->supervise());
    }
    return execute(request, command);
}

}  // namespace

int enter_main(int argc, char** argv) {
    Result<EnterRequest> request = parse(argc, argv);
    if (request && request.value().help) {
        return print_out(
            "usage: caisson enter --dir DIR [OPTION…] [--] COMMAND [ARG…]\n\n"
            "Runs COMMAND, a server, with DIR as its whole file system, and stays outside as its\n"
            "supervisor: passes signals on and ends as it ends. Options end at COMMAND.\n" +
            options_help(enter_options()) +
            "\nThe whole manual page: caisson docs man-enter | man -l -\n");
    }
    const Result<int> status =
        request ? enter_and_run(std::move(request).value()) : Result<int>(request.error());
    if (status) return status.value();
    print_error(status.error());
    return exit_status(status.error());
}

}  // namespace caisson::cli
