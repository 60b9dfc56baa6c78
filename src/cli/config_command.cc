// SPDX-License-Identifier: Apache-2.0
//
// `caisson config`: what is set, and where; and whether files are right.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/try.h"
#include "cli/commands.h"
#include "cli/config.h"
#include "cli/run_request.h"

namespace caisson::cli {
namespace {

constexpr const char* usage =
    "usage: caisson config show [--json]\n"
    "       caisson config check [FILE…]\n\n"
    "  show    every setting that `caisson run` begins with, and the file and line it comes from\n"
    "  check   whether the files can be read and applied; by default those that `show` reads\n";

std::string place_of(const Setting& setting) {
    return setting.file + ":" + std::to_string(setting.line);
}

std::string text_of(const Setting& setting) {
    if (!setting.key.starts_with("hooks.")) return setting.value;
    std::string text;
    for (const std::string& argument : setting.hook.arguments)
        text += (text.empty() ? "" : " ") + argument;
    return text;
}

nlohmann::ordered_json json_of(const Setting& setting) {
    nlohmann::ordered_json object = {{"key", setting.key}};
    if (setting.key.starts_with("hooks.")) {
        object["run"] = setting.hook.arguments;
        object["set-env"] = setting.hook.environment;
        object["timeout"] = setting.hook.timeout_s;
    } else {
        object["value"] = setting.value;
    }
    object["file"] = setting.file;
    object["line"] = setting.line;
    return object;
}

int print(const std::string& text) {
    return fputs(text.c_str(), stdout) < 0 || fflush(stdout) != 0 ? 125 : 0;
}

Result<Settings> all_settings(const std::vector<ConfigFile>& files) {
    Settings settings;
    for (const ConfigFile& file : files) {
        for (Setting& one : TRY(read_settings(file)))
            settings.push_back(std::move(one));
    }
    RunRequest nobodys;
    TRY(apply_settings(settings, environ, nobodys));
    return settings;
}

Result<int> show(bool as_json) {
    const Settings settings = TRY(all_settings(config_files(environ)));
    std::string text;
    if (as_json) {
        nlohmann::ordered_json list = nlohmann::ordered_json::array();
        for (const Setting& setting : settings)
            list.push_back(json_of(setting));
        text = list.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
    } else {
        for (const Setting& setting : settings) {
            text += setting.key + " = " + text_of(setting) + "  # " + place_of(setting) + "\n";
        }
    }
    return print(text);
}

Result<int> check(const std::vector<ConfigFile>& files) {
    bool good = true;
    for (const ConfigFile& file : files) {
        const Result<Settings> settings = all_settings({file});
        if (settings) continue;
        print_error(settings.error());
        good = false;
    }
    return good ? 0 : 125;
}

Result<int> carry_out(int argc, char** argv) {
    const std::string_view what = argc > 1 ? argv[1] : "";
    if (what == "--help" || what == "-h") return print(usage);
    if (what == "show" && argc == 2) return show(false);
    if (what == "show" && argc == 3 && strcmp(argv[2], "--json") == 0) return show(true);
    if (what == "check") {
        if (argc == 2) return check(config_files(environ));
        std::vector<ConfigFile> files;
        for (int i = 2; i < argc; i++)
            files.push_back({argv[i], false, true});
        return check(files);
    }
    fputs(usage, stderr);
    return 125;
}

}  // namespace

int config_main(int argc, char** argv) {
    const Result<int> status = carry_out(argc, argv);
    if (status) return status.value();
    print_error(status.error());
    return 125;
}

}  // namespace caisson::cli
