// SPDX-License-Identifier: Apache-2.0
//
// What `caisson doctor` looks at: tables of checks, one a subject, each in the file of its subject.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "caisson/error.h"
#include "caisson/host.h"

namespace caisson::cli {

enum class Verdict {
    ok,
    note,  // some option does not work here, or works in an older way
    bad,   // a default `caisson run` fails, because of this
};

struct Finding {
    Verdict verdict = Verdict::ok;
    std::string is;      // what is the case, in one sentence
    std::string remedy;  // what to do about it; empty where nothing is to be done
};

// What the checks know of each other.
struct Situation {
    const Host& host;
    uint32_t uid = host.uid();
    bool may_mount = false;            // CAP_SYS_ADMIN, and so no need of a user namespace
    std::optional<Error> default_run;  // why it fails; none: it works

    // A restriction that is there is the reason only where something was refused, and those on
    // user namespaces do not hold a root that needs none.
    Verdict of_restriction() const {
        return default_run && !may_mount ? Verdict::bad : Verdict::note;
    }
    // Whether the default run was refused in one of these ways.
    bool was_refused_with(std::initializer_list<int> errors) const;
};

struct Check {
    const char* name;
    Finding (*look)(const Situation& situation);
};

// Why a default `caisson run IMAGE` would fail for this user; none where it works. It is tried,
// call by call, up to the exec.
std::optional<Error> try_default_run(const Host& host);

std::span<const Check> default_run_checks();  // doctor_default_run.cc
std::span<const Check> restriction_checks();  // doctor_restrictions.cc
std::span<const Check> isolation_checks();    // doctor_isolation.cc
std::span<const Check> id_checks();           // doctor_ids.cc
std::span<const Check> machine_checks();      // doctor_machine.cc
std::span<const Check> kernel_checks();       // doctor_kernel.cc

// What an Error says, without the hint; and the hint, where it does not only lead to the doctor.
std::string words_of(const Error& error);
std::string hint_of(const Error& error);

// doctor_facts.cc: small things that several of them read.
std::optional<std::string> line_of(const char* path);  // the first one, without its end
std::optional<long> number_of(const char* path);       // as in /proc/sys
std::optional<std::string> process_status(std::string_view field);  // of /proc/self/status
bool has_capability(int number);                                    // effective, in this process

}  // namespace caisson::cli
