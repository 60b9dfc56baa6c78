// SPDX-License-Identifier: Apache-2.0
//
// `caisson doctor`: what this host allows, and what to do about the rest.
#include "cli/doctor.h"

#include <linux/capability.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/parse_options.h"

namespace caisson::cli {

struct DoctorRequest {
    bool json = false;
    bool help = false;
};

namespace {

constexpr Option<DoctorRequest> options[] = {
    {"json",
     '\0',
     Takes::nothing,
     nullptr,
     "Options",
     "Print one JSON object: an array of checks, and a summary.",
     {},
     nullptr,
     [](DoctorRequest& request, const char*) -> Result<void> {
         request.json = true;
         return {};
     }},
    {"help",
     'h',
     Takes::nothing,
     nullptr,
     "Options",
     "Print this.",
     {},
     nullptr,
     [](DoctorRequest& request, const char*) -> Result<void> {
         request.help = true;
         return {};
     }},
};

struct Group {
    const char* name;
    std::span<const Check> (*checks)();
};

constexpr Group groups[] = {
    {"What a default run needs", default_run_checks},
    {"What may restrict it", restriction_checks},
    {"What options need", isolation_checks},
    {"Ids beyond the caller's own", id_checks},
    {"The machine", machine_checks},
    {"The kernel", kernel_checks},
};

struct Row {
    const char* group;
    const char* name;
    Finding finding;
};

std::vector<Row> look_at_everything() {
    const auto host = this_host();
    Situation situation{*host};
    situation.may_mount = has_capability(CAP_SYS_ADMIN);
    situation.default_run = try_default_run(*host);
    std::vector<Row> rows;
    for (const Group& group : groups) {
        for (const Check& check : group.checks()) {
            rows.push_back({group.name, check.name, check.look(situation)});
        }
    }
    return rows;
}

int count(const std::vector<Row>& rows, Verdict verdict) {
    int found = 0;
    for (const Row& row : rows)
        found += row.finding.verdict == verdict;
    return found;
}

const char* mark_of(Verdict verdict) {
    return verdict == Verdict::ok ? "ok" : verdict == Verdict::note ? "note" : "FAIL";
}

// In the last line: what the exit status says too.
std::string conclusion(const std::vector<Row>& rows) {
    const int failures = count(rows, Verdict::bad);
    if (failures > 1) return "A default run fails here; the other lines marked FAIL say why.";
    if (failures == 1)
        return "A default run fails here, and nothing that is known to restrict it was found.";
    if (count(rows, Verdict::note) == 0) return "Everything works here.";
    return "A default run works here; the notes are on options and older kernels.";
}

std::string as_text(const std::vector<Row>& rows) {
    constexpr size_t column = 26;
    std::string out;
    std::string group;
    for (const Row& row : rows) {
        if (group != row.group) out += (out.empty() ? "" : "\n") + std::string(row.group) + "\n";
        group = row.group;
        std::string left = std::string("  ") + mark_of(row.finding.verdict);
        left.resize(8, ' ');
        left += row.name;
        left.resize(column, ' ');
        out += left;
        append_wrapped(out, row.finding.is, column);
        if (row.finding.remedy.empty()) continue;
        out += std::string(column - 3, ' ') + "-> ";
        append_wrapped(out, row.finding.remedy, column);
    }
    return out + "\n" + conclusion(rows) + "\n";
}

std::string as_json(const std::vector<Row>& rows) {
    using Json = nlohmann::ordered_json;
    Json checks = Json::array();
    for (const Row& row : rows) {
        const Verdict verdict = row.finding.verdict;
        checks.push_back({{"group", row.group},
                          {"name", row.name},
                          {"verdict", verdict == Verdict::bad ? "fail" : mark_of(verdict)},
                          {"is", row.finding.is},
                          {"remedy", row.finding.remedy}});
    }
    const Json summary = {{"default_run", count(rows, Verdict::bad) == 0},
                          {"ok", count(rows, Verdict::ok)},
                          {"notes", count(rows, Verdict::note)},
                          {"failures", count(rows, Verdict::bad)},
                          {"conclusion", conclusion(rows)}};
    // Paths need not be UTF-8; JSON does.
    return Json{{"checks", checks}, {"summary", summary}}.dump(2, ' ', false,
                                                               Json::error_handler_t::replace) +
           "\n";
}

int print_help() {
    return print_out(
        "usage: caisson doctor [OPTION…]\n\n"
        "Checks what this host allows the calling user, by trying it, and says what to do about\n"
        "the rest. Changes nothing.\n" +
        options_help<DoctorRequest>(options) +
        "\nExit status: 0 if a default `caisson run IMAGE` works for this user, 1 if not.\n");
}

}  // namespace

int doctor_main(int argc, char** argv) {
    DoctorRequest request;
    const Result<int> operands = parse_options<DoctorRequest>(options, argc, argv, request);
    if (!operands) {
        print_error(operands.error());
        return 125;
    }
    if (request.help) return print_help();
    if (operands.value() < argc) {
        print_error({"options",
                     {},
                     argv[operands.value()],
                     0,
                     "doctor takes no operands",
                     "see `caisson doctor --help`"});
        return 125;
    }
    const std::vector<Row> rows = look_at_everything();
    const int printed = print_out(request.json ? as_json(rows) : as_text(rows));
    return printed != 0 ? printed : count(rows, Verdict::bad) == 0 ? 0 : 1;
}

}  // namespace caisson::cli
