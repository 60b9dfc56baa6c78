// SPDX-License-Identifier: Apache-2.0
//
// `caisson docs`: texts that are made from the table of options, so that they can't differ from it.
#pragma once

#include <span>
#include <string>

#include "cli/help.h"

namespace caisson::cli {

std::string manual_page();         // docs_man.cc: caisson-run(1), in mdoc(7)
std::string memfd_manual_page();   // caisson-memfd(1)
std::string enter_manual_page();   // caisson-enter(1)
std::string ch_run_manual_page();  // caisson-ch-run(1)
std::string config_manual_page();  // docs_manual_config.cc: caisson-config(5)
std::string bash_completion();     // docs_bash.cc
std::string zsh_completion();      // docs_zsh.cc
std::string fish_completion();     // docs_fish.cc

// docs_manual_text.cc: what the page says around the options.
extern const char* const manual_before_options;
extern const char* const manual_file_system;  // docs_manual_file_system.cc
extern const char* const manual_after_file_system;
extern const char* const manual_devices;     // docs_manual_devices.cc
extern const char* const manual_fake_root;   // docs_manual_fake_root.cc
extern const char* const manual_of_joining;  // docs_manual_joining.cc
// docs_memfd_text.cc
extern const char* const memfd_manual_before_options;
extern const char* const memfd_manual_after_options;
// docs_enter_text.cc
extern const char* const enter_manual_before_options;
extern const char* const enter_manual_after_options;
extern const char* const manual_environment;  // docs_manual_environment.cc
extern const char* const manual_after_environment;

// docs_manual_ch_run.cc
extern const char* const ch_run_manual_before_options;
extern const char* const ch_run_manual_after_options;
// docs_bash_ch_run.cc: the functions for ch-run, which takes options behind the image too.
extern const char* const bash_ch_run_functions;

// The commands and what may follow them; `run` and `plan run` have the table of options instead.
struct CommandWords {
    const char* name;
    const char* help;
    const char* words;  // blank-separated
};
std::span<const CommandWords> command_words();

// The commands beside `run` that have a table of options, by their words: "memfd create".
enum class Operands { none, files, command };
struct CommandTable {
    std::string words;
    std::vector<OptionHelp> options;
    Operands operands;
};
std::vector<CommandTable> command_tables();

// docs_values.cc: what the shells need to know of an option's value.
std::vector<std::string> words_of(const OptionHelp& row);
bool takes_list(const OptionHelp& row);  // of words joined by commas
// The option's first sentence, without what a shell's quotes would trip over.
std::string summary_of(const OptionHelp& row);

}  // namespace caisson::cli
