// SPDX-License-Identifier: Apache-2.0
//
// environment-model CAISSON IMAGE SEED COUNT: COUNT runs of random environments and options, each
// compared with what a plain model of the rules says that the program gets. The model shares no
// code with caisson and takes the shortest way that can be seen to be right: a map, and one pass
// over the options. IMAGE is written: its /ch/environment is part of what is random.
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Variables = std::map<std::string, std::string>;
using Strings = std::vector<std::string>;

std::mt19937 generator;

size_t below(size_t bound) {
    return std::uniform_int_distribution<size_t>(0, bound - 1)(generator);
}
const std::string& one_of(const Strings& strings) {
    return strings[below(strings.size())];
}

const Strings names = {"A", "B", "AB", "BA", "A_1", "a", "PATH", "HOME", "TERM", "TMPDIR", "É"};
const Strings pieces = {"",    "x",  "/bin", "/bindir", "/opt/bin", "$A",    "$B", "$AB",
                        "$",   "$$", "a$A",  "$A/x",    "${A}",     "$HOME", "'",  "'q'",
                        "a b", "\"", "\\$A", "=",       "$PATH",    "\r",    " ",  "é"};

// Each pattern beside a regular expression that says the same.
struct Glob {
    const char* glob;
    const char* same;
};
constexpr Glob globs[] = {{"A", "A"},
                          {"A*", "A.*"},
                          {"?", "."},
                          {"[AB]", "[AB]"},
                          {"[!A]*", "[^A].*"},
                          {"*", ".*"},
                          {"@(A|B)", "A|B"},
                          {"+(A|B)", "(A|B)+"},
                          {"*(A|B)", "(A|B)*"},
                          {"?(A)B", "A?B"},
                          {"A_[0-9]", "A_[0-9]"},
                          {"\\*", "\\*"},
                          {"@(HOME|TERM)", "HOME|TERM"},
                          {"nothing", "nothing"}};

std::string random_value() {
    std::string value;
    for (size_t i = below(4); i > 0; i--)
        value += one_of(pieces) + (i > 1 && below(4) ? ":" : "");
    return below(6) == 0 ? "'" + value + "'" : value;
}

struct Option {
    std::string text;
    Strings assignments;  // "NAME=VALUE"
    const Glob* unset = nullptr;
    bool clear = false;
};

struct Case {
    Variables caller;
    std::vector<Option> options;
    bool expands = true;
};

// ---- the model ----

std::string expanded(const Variables& now, const std::string& value) {
    std::string out;
    bool first = true;
    std::stringstream items(value + ":");
    for (std::string item; std::getline(items, item, ':');) {
        if (item.size() >= 2 && item[0] == '$') {
            const auto found = now.find(item.substr(1));
            if (found == now.end() || found->second.empty()) continue;
            item = found->second;
        }
        out += (first ? "" : ":") + item;
        first = false;
    }
    return out;
}

void set_places(Variables& now, bool is_root) {
    now["HOME"] = is_root ? "/root" : "/";
    now["PWD"] = "/";
}

Variables model(const Case& one, bool is_root) {
    const std::string usual = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    Variables now = one.caller;
    now.erase("TMPDIR");
    now["container"] = "caisson";
    set_places(now, is_root);
    std::string& path = now["PATH"];
    if (path.empty()) path = usual;
    if ((":" + path + ":").find(":/bin:") == std::string::npos) path += ":/bin";
    for (const Option& option : one.options) {
        for (const std::string& text : option.assignments) {
            const size_t equals = text.find('=');
            std::string value = text.substr(equals + 1);
            if (value.size() >= 2 && value[0] == '\'' && value.back() == '\'')
                value = value.substr(1, value.size() - 2);
            now[text.substr(0, equals)] = one.expands ? expanded(now, value) : value;
        }
        if (option.unset) {
            const std::regex same(option.unset->same);
            std::erase_if(now, [&](const auto& v) { return std::regex_match(v.first, same); });
        }
        if (option.clear) {
            now.clear();
            now["PATH"] = usual;
            set_places(now, is_root);
            const auto terminal = one.caller.find("TERM");
            if (terminal != one.caller.end() && !terminal->second.empty())
                now["TERM"] = terminal->second;
        }
    }
    return now;
}

// ---- the command ----

std::string joined(const Strings& lines, char end) {
    std::string text;
    for (const std::string& line : lines)
        text += line + end;
    return text;
}

Option random_option(const std::filesystem::path& scratch, const Strings& image, size_t number) {
    Option option;
    const size_t kind = below(10);
    const char end = kind % 2 == 0 ? '\n' : '\0';
    const std::string name = end == '\n' ? "--set-env" : "--set-env0";
    if (kind == 8) {
        option.unset = &globs[below(std::size(globs))];
        option.text = std::string("--unset-env=") + option.unset->glob;
    } else if (kind == 9) {
        option.clear = below(4) == 0;
        option.text = option.clear ? "--clear-env" : "--private=uts";
    } else if (kind >= 6) {
        option.text = "--set-env";
        option.assignments = image;
    } else if (kind >= 4) {
        for (size_t i = below(4); i > 0; i--) {
            option.assignments.push_back(one_of(names) + "=" + random_value());
            if (end == '\0' && below(3) == 0) option.assignments.back() += "\nmore";
        }
        const std::string file = scratch / ("file" + std::to_string(number));
        std::ofstream(file, std::ios::binary) << joined(option.assignments, end);
        option.text = name + "=" + file;
    } else {
        option.assignments = {one_of(names) + "=" + random_value()};
        option.text = name + "=" + option.assignments[0];
    }
    return option;
}

Case random_case(const std::filesystem::path& scratch, const std::string& image) {
    Case one;
    for (size_t i = below(9); i > 0; i--)
        one.caller[one_of(names)] = random_value();
    Strings own;
    for (size_t i = below(4); i > 0; i--)
        own.push_back(one_of(names) + "=" + random_value());
    std::ofstream(image + "/ch/environment") << joined(own, '\n');
    for (size_t i = below(7); i > 0; i--)
        one.options.push_back(random_option(scratch, own, i));
    if (below(6) == 0) {
        one.expands = false;
        one.options.push_back({"--env-no-expand", {}});
    }
    return one;
}

// What the program gets, or nothing where it could not be started.
Variables run(const char* caisson, const std::string& image, const Case& one) {
    Strings words = {caisson, "run"};
    for (const Option& option : one.options)
        words.push_back(option.text);
    for (const char* word :
         {"--no-config", "--private-tmp", image.c_str(), "--", "/bin/busybox", "env", "-0"})
        words.emplace_back(word);
    Strings entries;
    for (const auto& [name, value] : one.caller)
        entries.push_back(name + "=" + value);
    std::vector<char*> argv, envp;
    for (std::string& word : words)
        argv.push_back(word.data());
    for (std::string& entry : entries)
        envp.push_back(entry.data());
    argv.push_back(nullptr);
    envp.push_back(nullptr);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return {};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    pid_t pid = -1;
    const int error = posix_spawn(&pid, caisson, &actions, nullptr, argv.data(), envp.data());
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    std::string text;
    char buffer[4096];
    for (ssize_t got; error == 0 && (got = read(ends[0], buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<size_t>(got));
    close(ends[0]);
    int status = 0;
    if (error == 0) waitpid(pid, &status, 0);
    Variables got;
    std::stringstream records(text);
    for (std::string record; std::getline(records, record, '\0');) {
        const size_t equals = record.find('=');
        got[record.substr(0, equals)] = record.substr(equals + 1);
    }
    return got;
}

void print(const char* what, const Variables& variables) {
    printf("%s:\n", what);
    for (const auto& [name, value] : variables)
        printf("  [%s=%s]\n", name.c_str(), value.c_str());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        fputs("usage: environment-model CAISSON IMAGE SEED COUNT\n", stderr);
        return 2;
    }
    const std::string image = argv[2];
    generator.seed(static_cast<unsigned>(strtoul(argv[3], nullptr, 10)));
    const int count = atoi(argv[4]);
    std::filesystem::create_directory(image + "/ch");
    for (int i = 0; i < count; i++) {
        const Case one = random_case(std::filesystem::current_path(), image);
        const Variables wanted = model(one, geteuid() == 0), got = run(argv[1], image, one);
        if (got == wanted) continue;
        printf("run %d of seed %s differs\n", i, argv[3]);
        print("caller", one.caller);
        for (const Option& option : one.options)
            printf("option [%s] with [%s]\n", option.text.c_str(),
                   joined(option.assignments, '|').c_str());
        print("the model", wanted);
        print("the program", got);
        return 1;
    }
    printf("%d runs agree with the model\n", count);
    return count > 0 ? 0 : 2;
}
