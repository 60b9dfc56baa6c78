// SPDX-License-Identifier: Apache-2.0
//
// The command line of ch-run: section 1.1 of what Charliecloud's own does, row by row.
#include <gtest/gtest.h>
#include <stdlib.h>

#include "cli/ch_run.h"
#include "cli/ch_run_request.h"

namespace caisson::cli {
namespace {

using Strings = std::vector<std::string>;
using Answer = ChRunRequest::Answer;

struct Parsed {
    ChRunRequest request;
    Result<void> result;
    std::string printed;
};

// As main() would hand them over; argv is permuted in place.
Parsed parse(Strings words) {
    words.insert(words.begin(), "ch-run");
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    Parsed parsed;
    testing::internal::CaptureStderr();
    parsed.result = parse_ch_run(static_cast<int>(words.size()), argv.data(), parsed.request);
    parsed.printed = testing::internal::GetCapturedStderr();
    return parsed;
}

ChRunRequest request_of(Strings options) {
    options.insert(options.end(), {"/image", "--", "true"});
    Parsed parsed = parse(std::move(options));
    EXPECT_TRUE(parsed.result.ok()) << (parsed.result ? "" : parsed.result.error().text());
    return std::move(parsed.request);
}

TEST(ChRunOptions, ArePermutedUpToTheDashes) {
    struct Row {
        Strings words;
        Strings command;
        std::string directory;
    };
    const Row rows[] = {
        {{"/image", "--", "ls", "-l"}, {"ls", "-l"}, ""},
        {{"/image", "ls", "/x"}, {"ls", "/x"}, ""},
        {{"/image", "-c", "/tmp", "pwd"}, {"pwd"}, "/tmp"},
        {{"/image", "pwd", "-c", "/tmp"}, {"pwd"}, "/tmp"},
        {{"/image", "pwd", "--", "-c", "/tmp"}, {"pwd", "-c", "/tmp"}, ""},
        {{"--", "/image", "pwd", "-c"}, {"pwd", "-c"}, ""},
        {{"--", "/image", "--", "pwd"}, {"--", "pwd"}, ""},
    };
    for (const Row& row : rows) {
        const Parsed parsed = parse(row.words);
        EXPECT_TRUE(parsed.result.ok());
        EXPECT_EQ(parsed.request.run.image, "/image");
        EXPECT_EQ(parsed.request.run.command, row.command) << testing::PrintToString(row.words);
        EXPECT_EQ(parsed.request.run.directory, row.directory);
    }
}

TEST(ChRunOptions, EndAtTheImageWherePosixlyCorrectIsSet) {
    setenv("POSIXLY_CORRECT", "1", 1);
    const Parsed parsed = parse({"-w", "/image", "ls", "-l"});
    unsetenv("POSIXLY_CORRECT");
    EXPECT_TRUE(parsed.result.ok());
    EXPECT_EQ(parsed.request.run.command, (Strings{"ls", "-l"}));
}

TEST(ChRunOptions, AreKnownByTheirUniquePrefixes) {
    EXPECT_FALSE(request_of({"--priv"}).run.guest.host_tmp);
    EXPECT_EQ(request_of({"--ui=4"}).run.spec.uid, 4U);
    EXPECT_EQ(request_of({"--cd", "x"}).run.directory, "/x");  // --cdi-dirs begins with it
}

TEST(ChRunOptions, MistakesAreToldByGlibc) {
    struct Row {
        Strings words;
        const char* printed;
    };
    const Row rows[] = {
        {{"--foo"}, "ch-run: unrecognized option '--foo'\n"},
        {{"--bind"}, "ch-run: option '--bind' requires an argument\n"},
        {{"-b"}, "ch-run: option requires an argument -- 'b'\n"},
        {{"-z"}, "ch-run: invalid option -- 'z'\n"},
        {{"-wz"}, "ch-run: invalid option -- 'z'\n"},
        {{"/image", "ls", "-l"}, "ch-run: invalid option -- 'l'\n"},
        {{"--write=3"}, "ch-run: option '--write' doesn't allow an argument\n"},
        {{"--ver"},
         "ch-run: option '--ver' is ambiguous; possibilities: '--verbose' '--version'\n"},
    };
    for (const Row& row : rows) {
        const Parsed parsed = parse(row.words);
        ASSERT_FALSE(parsed.result.ok()) << testing::PrintToString(row.words);
        EXPECT_EQ(parsed.result.error().phase, told_by_getopt);
        EXPECT_EQ(parsed.printed, row.printed);
    }
}

TEST(ChRunOptions, NeedAnImageAndACommand) {
    for (const Strings& words :
         {Strings{"/image"}, Strings{"-w"}, Strings{"--", "/image"}, Strings{"/image", "--"}}) {
        const Parsed parsed = parse(words);
        ASSERT_FALSE(parsed.result.ok());
        EXPECT_EQ(parsed.result.error().reason, "IMAGE and/or COMMAND not specified");
    }
}

TEST(ChRunOptions, BindIsSplitAtTheFirstColon) {
    struct Row {
        const char* value;
        const char* from;
        const char* to;
    };
    const Row rows[] = {{"/a", "/a", "/a"},
                        {"/a:/b", "/a", "/b"},
                        {"a:/b", "a", "/b"},
                        {"/a:/b:ro", "/a", "/b:ro"}};
    for (const Row& row : rows) {
        const ChRunRequest request = request_of({"-b", row.value});
        ASSERT_EQ(request.run.spec.mounts.size(), 1U);
        const Bind& bind = std::get<Bind>(request.run.spec.mounts[0]);
        EXPECT_EQ(bind.from, row.from);
        EXPECT_EQ(bind.to, row.to);
        EXPECT_TRUE(bind.recursive);
        EXPECT_FALSE(bind.attributes.any());
    }
}

TEST(ChRunOptions, ValuesAreRefusedInItsWords) {
    struct Row {
        Strings words;
        const char* text;
    };
    const Row rows[] = {
        {{"-b", ":/x"}, "--bind: no source provided"},
        {{"-b", "/x:"}, "--bind: no destination provided"},
        {{"-b", "x"}, "--bind: destination must be absolute"},
        {{"-b", "/x:/"}, "--bind: destination can't be /"},
        {{"-u", "x"}, "--uid: no digits found"},
        {{"-u", ""}, "--uid: no digits found"},
        {{"-u", "4x"}, "--uid: extra characters after digits"},
        {{"-u", "4294967295"}, "--uid: out of range"},
        {{"-u", "99999999999999999999"}, "--uid: out of range"},
        {{"-g", "-1"}, "--gid: must be non-negative"},
        {{"-m", ""}, "mount point can't be empty string"},
        {{"-m", "/nonexistent"}, "can't stat mount point: /nonexistent: No such file or directory"},
        {{"-m", "/etc/passwd"}, "not a directory: /etc/passwd"},
        {{"-vvvv"}, "--verbose can be specified at most thrice"},
        {{"-qqqq"}, "--quiet can be specified at most thrice"},
        {{"-qv"}, "--verbose incompatible with --quiet"},
        {{"-vq"}, "--quiet incompatible with --verbose"},
        {{"--unset-env="}, "--unset-env: GLOB must have non-zero length"},
        {{"--color=red"}, "--color: invalid argument: red"},
        {{"--test=x"}, "invalid --test argument: x"},
        {{"--warnings=-1"}, "--warnings: must be non-negative"},
    };
    for (const Row& row : rows) {
        const Parsed parsed = parse(row.words);
        ASSERT_FALSE(parsed.result.ok()) << testing::PrintToString(row.words);
        EXPECT_EQ(ch_run_text(parsed.result.error()), row.text);
        EXPECT_EQ(ch_run_status(parsed.result.error()), 31);
    }
}

TEST(ChRunOptions, SayWhatIsToBeMade) {
    struct Row {
        Strings options;
        bool (*holds)(const ChRunRequest&);
    };
    using R = const ChRunRequest&;
    const Row rows[] = {
        {{}, [](R r) { return r.run.habits == Habits::charliecloud; }},
        {{}, [](R r) { return !r.run.spec.close_descriptors; }},
        {{"-g", "3000000000"}, [](R r) { return r.run.spec.gid == 3000000000U; }},
        {{"-u", " +4"}, [](R r) { return r.run.spec.uid == 4U; }},
        {{"-w"}, [](R r) { return r.run.spec.root->writes == RootWrites::kept; }},
        {{"-w", "-W"}, [](R r) { return r.run.spec.root->writes == RootWrites::discarded; }},
        {{"-W", "-w"}, [](R r) { return r.run.spec.root->writes == RootWrites::discarded; }},
        {{"-W"}, [](R r) { return r.run.spec.root->discard_size == "12%"; }},
        {{"-W4m"}, [](R r) { return r.run.spec.root->discard_size == "4m"; }},
        {{"-W=4m"}, [](R r) { return r.run.spec.root->discard_size == "=4m"; }},
        {{"--write-fake=4m"}, [](R r) { return r.run.spec.root->discard_size == "4m"; }},
        {{"--no-passwd"}, [](R r) { return !r.run.guest.generate_accounts; }},
        {{"-t"}, [](R r) { return !r.run.guest.host_tmp; }},
        {{"--seccomp"}, [](R r) { return r.run.spec.fake_root; }},
        {{"--unsafe"}, [](R r) { return r.run.unsafe; }},
        {{"-c", "a/b"}, [](R r) { return r.run.directory == "/a/b"; }},
        {{"--env-no-expand"}, [](R r) { return r.run.expansion == Expansion::off; }},
        {{"--set-env=A=b", "--unset-env=C*"}, [](R r) { return r.run.environment.size() == 2; }},
        {{"--abort-fatal"}, [](R r) { return r.abort_on_fatal; }},
        {{"-vv"}, [](R r) { return r.log.prints(ChRunLog::Level::debug); }},
        {{"-vv"}, [](R r) { return !r.log.prints(ChRunLog::Level::trace); }},
        {{"-q"}, [](R r) { return !r.log.prints(ChRunLog::Level::info); }},
        {{"-q"}, [](R r) { return r.log.prints(ChRunLog::Level::warning); }},
        {{"-qq"}, [](R r) { return !r.log.prints(ChRunLog::Level::warning); }},
        {{"-qqq"}, [](R r) { return r.log.prints(ChRunLog::Level::fatal); }},
    };
    for (const Row& row : rows) {
        EXPECT_TRUE(row.holds(request_of(row.options))) << testing::PrintToString(row.options);
    }
}

TEST(ChRunOptions, TheFirstQuestionIsAnsweredAndTheRestIsNotRead) {
    struct Row {
        Strings words;
        Answer answer;
    };
    const Row rows[] = {{{"--help"}, Answer::help},
                        {{"-?"}, Answer::help},
                        {{"-w?foo"}, Answer::help},
                        {{"--cd", "/", "-?"}, Answer::help},
                        {{"--usage", "--foo"}, Answer::usage},
                        {{"-Vfoo"}, Answer::version},
                        {{"-b", "/x", "--version", "--help"}, Answer::version},
                        {{"--feature=extglob"}, Answer::feature},
                        {{"--test", "log"}, Answer::log},
                        {{"--test", "log-fail"}, Answer::log_fail},
                        {{"--warnings", "3"}, Answer::warnings}};
    for (const Row& row : rows) {
        const Parsed parsed = parse(row.words);
        EXPECT_TRUE(parsed.result.ok()) << testing::PrintToString(row.words);
        EXPECT_EQ(parsed.request.answer, row.answer) << testing::PrintToString(row.words);
        EXPECT_EQ(parsed.printed, "");
    }
}

TEST(ChRunOptions, StandInTheTableOnceAndAreDescribed) {
    Strings names;
    std::string letters;
    for (const auto& row : ch_run_options()) {
        names.emplace_back(row.name);
        if (row.letter) letters += row.letter;
        EXPECT_NE(std::string(row.help), "") << row.name;
        EXPECT_EQ(row.takes == Takes::nothing, row.value == nullptr) << row.name;
        EXPECT_EQ(row.completes == Completes::words, row.words != nullptr) << row.name;
    }
    std::sort(names.begin(), names.end());
    EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
    std::sort(letters.begin(), letters.end());
    EXPECT_EQ(std::adjacent_find(letters.begin(), letters.end()), letters.end());
}

TEST(ChRunErrors, AreInItsWordsWhereItHasSome) {
    struct Row {
        Error error;
        const char* text;
        int status;
    };
    const Row rows[] = {
        {{"image", "stat", "/x", ENOENT, {}, {}}, "can't stat: /x: No such file or directory", 31},
        {{"image", "", "/x", 0, "is not a directory", "a hint"},
         "unknown image type: /x (a hint)",
         31},
        {{"image", "mount", "/x", 0, "is a SquashFS archive", "unpack it"},
         "this ch-run does not support internal SquashFS mounts: /x (unpack it)",
         31},
        {{"mounts", "open_tree", "/x", ENOENT, {}, "a hint"},
         "can't bind: source not found: /x",
         31},
        {{"mounts", "open_tree", "/x", EACCES, {}, {}},
         "mounts: open_tree \"/x\": Permission denied",
         31},
        {{"cwd", "chdir", "/x", ENOENT, {}, {}}, "can't cd to /x: No such file or directory", 31},
        {{"exec", "execve", "x", ENOENT, {}, {}},
         "can't execvpe(3): x: No such file or directory",
         49},
        {{"namespaces", "unshare", "user", EPERM, {}, "a hint"},
         "namespaces: unshare \"user\": Operation not permitted (a hint)",
         31},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(ch_run_text(row.error), row.text);
        EXPECT_EQ(ch_run_status(row.error), row.status);
    }
}

TEST(ChRunLog, ReprintsTheWarningsThatItPrinted) {
    ChRunLog log;
    log.set_color(ChRunLog::Color::never);
    testing::internal::CaptureStderr();
    log.print(ChRunLog::Level::warning, "one");
    log.print(ChRunLog::Level::verbose, "hidden");
    log.reprint_warnings();
    log.reprint_warnings();
    const std::string me = "ch-run[" + std::to_string(getpid()) + "]: ";
    EXPECT_EQ(
        testing::internal::GetCapturedStderr(),
        me + "warning: one\n" + me + "reprinting first 1 warning(s)\n" + me + "warning: one\n");
}

}  // namespace
}  // namespace caisson::cli
