// SPDX-License-Identifier: Apache-2.0
//
// Files of assignments, applied to an environment that they may change as they like.
#include "fuzz/seeds.h"
#include "spec/environment.h"

using namespace caisson;

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    using namespace std::string_view_literals;
    fuzz::write_seeds({"A=1\nB='two words'\n\nC=$A:$HOME:x\n"sv, "A=1\n2\0B=3\0"sv,
                       "PATH=$PATH:/opt\nEMPTY=\nQ='\nR=''\n"sv, "no equals"sv, "=no name"sv,
                       "*=glob\n!(A|B)=x\n[=y\n"sv});
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view content(reinterpret_cast<const char*>(data), size);
    const char* const entries[] = {"HOME=/home/ann", "PATH=/bin", "odd", nullptr};
    for (const char separator : {'\n', '\0'}) {
        const auto changes = parse_assignments(content, separator, "file");
        if (!changes) {
            fuzz::require(changes.error().text().find('\n') == std::string::npos);
            continue;
        }
        for (const Expansion expansion : {Expansion::on, Expansion::off}) {
            EnvironmentRules rules;
            rules.expansion = expansion;
            Environment environment = environment_for(entries, rules, changes.value());
            for (const EnvironmentChange& change : changes.value()) {
                fuzz::require(!change.name.empty());
                fuzz::require(change.name.find('=') == std::string::npos);
                fuzz::require(environment.find(change.name) != nullptr);
            }
            if (!changes.value().empty() && expansion == Expansion::off) {
                const EnvironmentChange& last = changes.value().back();
                fuzz::require(environment.get(last.name) == last.value);
            }
            for (const EnvironmentChange& change : changes.value()) {
                environment.unset_matching(change.name);
                environment.unset(change.name);
                fuzz::require(environment.find(change.name) == nullptr);
            }
        }
    }
    return 0;
}
