// SPDX-License-Identifier: Apache-2.0
//
// The command line of `caisson run`: every option, and every value that one refuses.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <functional>
#include <set>

#include "caisson/fd.h"
#include "cli/image_config.h"
#include "cli/option_table.h"
#include "cli/parse_options.h"
#include "cli/run_request.h"

namespace caisson::cli {
namespace {

using Strings = std::vector<std::string>;

// As main() would hand them over.
Result<RunRequest> parse(Strings words) {
    words.insert(words.begin(), "run");
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    return parse_run(static_cast<int>(words.size()), argv.data());
}

// A request of these options and an image.
RunRequest parsed(Strings options) {
    options.push_back("/image");
    Result<RunRequest> request = parse(std::move(options));
    EXPECT_TRUE(request.ok()) << (request ? "" : request.error().text());
    return request ? std::move(request).value() : RunRequest{};
}

template <typename Kind>
Kind mounted(const Strings& options) {
    const RunRequest request = parsed(options);
    EXPECT_EQ(request.spec.mounts.size(), 1U);
    if (request.spec.mounts.size() != 1) return {};
    const Kind* kind = std::get_if<Kind>(&request.spec.mounts[0]);
    EXPECT_NE(kind, nullptr);
    return kind ? *kind : Kind{};
}

struct Row {
    Strings options;
    bool (*holds)(const RunRequest&);
};

void check(const std::vector<Row>& table) {
    for (const Row& row : table) {
        EXPECT_TRUE(row.holds(parsed(row.options))) << testing::PrintToString(row.options);
    }
}

using R = const RunRequest&;

const std::vector<Row> rows_of_files = {
    {{}, [](R r) { return !r.spec.root; }},
    {{"-w"}, [](R r) { return r.spec.root->writes == RootWrites::kept; }},
    {{"--write"}, [](R r) { return r.spec.root->writes == RootWrites::kept; }},
    {{"-W"}, [](R r) { return r.spec.root->writes == RootWrites::discarded; }},
    {{"-W64m"}, [](R r) { return r.spec.root->discard_size == "64m"; }},
    {{"--write-fake=10%"}, [](R r) { return r.spec.root->discard_size == "10%"; }},
    {{"-W", "-w"}, [](R r) { return r.spec.root->writes == RootWrites::discarded; }},
    {{"-w", "-W"}, [](R r) { return r.spec.root->writes == RootWrites::discarded; }},
    {{"--overlay=/srv", "-w", "-W"},
     [](R r) {
         return r.spec.root->writes == RootWrites::layered && r.spec.root->layer == "/srv";
     }},
    {{"--help"}, [](R r) { return r.help; }},
    {{"--dev=minimal"}, [](R r) { return r.guest.dev == DevKind::minimal; }},
    {{"--dev", "minimal", "--dev=host"}, [](R r) { return r.guest.dev == DevKind::host; }},
    {{"-t"}, [](R r) { return !r.guest.host_tmp; }},
    {{"--private-tmp"}, [](R r) { return !r.guest.host_tmp; }},
    {{"--home"}, [](R r) { return r.home; }},
    {{"--device", "v.com/c=1", "--device=v.com/d"},
     [](R r) {
         return r.devices == std::vector<std::string>{"v.com/c=1", "v.com/d"};
     }},
    {{"-d"}, [](R r) { return r.devices == std::vector<std::string>{"all"}; }},
    {{"--devices"}, [](R r) { return r.devices == std::vector<std::string>{"all"}; }},
    {{"--cdi-dirs=/a:/b"},
     [](R r) {
         return r.device_directories == std::vector<std::string>{"/a", "/b"};
     }},
    {{"--storage", "/images"}, [](const RunRequest& r) { return r.storage == "/images"; }},
    {{"--no-passwd"}, [](R r) { return !r.guest.generate_accounts; }},
    {{"--lock-mounts"}, [](R r) { return r.spec.lock_mounts; }},
};

const std::vector<Row> rows_of_programs = {
    {{}, [](R r) { return r.directory.empty(); }},
    {{"-c", "/home"}, [](R r) { return r.directory == "/home"; }},
    {{"--cd=home"}, [](R r) { return r.directory == "/home"; }},
    {{"--clear-env"}, [](R r) { return r.environment.size() == 1; }},
    {{"--unset-env=A*"}, [](R r) { return r.environment[0].name == "A*"; }},
    {{"--set-env"}, [](R r) { return r.environment[0].kind == EnvironmentChange::Kind::image; }},
    {{"--set-env0"},
     [](R r) { return r.environment[0].kind == EnvironmentChange::Kind::image_zeroed; }},
    {{"--set-env0=A=b=c"}, [](R r) { return r.environment[0].value == "b=c"; }},
    {{"--image-env"}, [](R r) { return r.from_image == apply_image_environment; }},
    {{"--image-config"}, [](R r) { return r.from_image == apply_image_config; }},
    {{"--env-no-expand"}, [](R r) { return r.expansion == Expansion::off; }},
    {{"--set-env=A=b=c"}, [](R r) { return r.environment[0].value == "b=c"; }},
    {{"--close-fds"}, [](R r) { return r.spec.close_descriptors; }},
    {{"--close-fds=no"}, [](R r) { return !r.spec.close_descriptors; }},
    {{"--close-fds=no", "--close-fds=yes"}, [](R r) { return r.spec.close_descriptors; }},
    {{"--keep-fd=1"}, [](R r) { return r.spec.keep_descriptors.empty(); }},
    {{"--file-fd=5=a=b"},
     [](R r) {
         const auto& files = r.spec.descriptor_files;
         return files.size() == 1 && files[0].descriptor == 5 && files[0].from == "a=b";
     }},
};

const std::vector<Row> rows_of_ids = {
    {{}, [](R r) { return !r.spec.uid && !r.spec.gid; }},
    {{"-u", "0"}, [](R r) { return r.spec.uid == 0U; }},
    {{"--uid=4294967294"}, [](R r) { return r.spec.uid == UINT32_MAX - 1; }},
    {{"-g5"}, [](R r) { return r.spec.gid == 5U; }},
    {{"--gid", "5"}, [](R r) { return r.spec.gid == 5U; }},
    {{"--fake-root"}, [](R r) { return r.spec.fake_root && !r.spec.seccomp; }},
    {{"--id-map=single"}, [](R r) { return r.spec.id_maps.uids.empty() && !r.ids_from_subids; }},
    {{"--id-map=subids"}, [](R r) { return r.ids_from_subids; }},
    {{"--id-map=0:1000:1"},
     [](R r) {
         return r.spec.id_maps.uids == std::vector<IdRange>{{0, 1000, 1}} &&
                r.spec.id_maps.gids == r.spec.id_maps.uids;
     }},
    {{"--id-map=u:0:1000:1,g:0:50:1,1:100000:9"},
     [](R r) {
         return r.spec.id_maps.uids == std::vector<IdRange>{{0, 1000, 1}, {1, 100000, 9}} &&
                r.spec.id_maps.gids == std::vector<IdRange>{{0, 50, 1}, {1, 100000, 9}};
     }},
    {{"--id-map=0:1:1", "--id-map=single"}, [](R r) { return r.spec.id_maps.uids.empty(); }},
    {{"--cap-add=chown,CAP_KILL"}, [](R r) { return r.add.text() == "chown,kill"; }},
    {{"--cap-add=chown", "--cap-add=kill"}, [](R r) { return r.add.text() == "chown,kill"; }},
    {{"--cap-drop=all"}, [](R r) { return r.drop == CapabilitySet::all(); }},
    {{"--allow-new-privs"}, [](R r) { return !r.spec.no_new_privileges; }},
};

const std::vector<Row> rows_of_isolation = {
    {{}, [](R r) { return !r.spec.namespaces.pid && !r.spec.namespaces.net; }},
    {{"--private=pid,net"},
     [](R r) {
         const Namespaces& ns = r.spec.namespaces;
         return ns.pid && ns.net && !ns.ipc && !ns.uts && !ns.cgroup && !ns.time;
     }},
    {{"--private", "ipc", "--private", "uts"},
     [](R r) { return r.spec.namespaces.ipc && r.spec.namespaces.uts; }},
    {{"--private=cgroup,time"},
     [](R r) { return r.spec.namespaces.cgroup && r.spec.namespaces.time; }},
    {{"--private=all"},
     [](R r) {
         const Namespaces& ns = r.spec.namespaces;
         return ns.pid && ns.net && ns.ipc && ns.uts && ns.cgroup && ns.time;
     }},
    {{"--hostname=h"}, [](R r) { return r.spec.hostname == "h"; }},
    {{"--no-init"}, [](R r) { return r.spec.init == Init::none; }},
    {{"--new-session"}, [](R r) { return r.spec.new_session; }},
    {{"--die-with-parent"}, [](R r) { return r.spec.die_with_parent; }},
    {{"--trace=/t.json"}, [](R r) { return r.trace_file == "/t.json"; }},
    {{"--no-config"}, [](R r) { return r.no_config; }},
    {{"--explain"}, [](R r) { return r.explain; }},
    {{"--status-fd=2"}, [](R r) { return r.status_fd == 2; }},
};

const std::vector<Row> rows_of_peers = {
    {{}, [](R r) { return !r.join.is_wanted(); }},
    {{"-j"}, [](R r) { return r.join.peers && !r.join.count && r.join.tag.empty(); }},
    {{"--join"}, [](R r) { return r.join.peers; }},
    {{"--join-ct=4"}, [](R r) { return r.join.peers && r.join.count == 4U; }},
    {{"--join-tag", "a/b"}, [](R r) { return r.join.peers && r.join.tag == "a/b"; }},
    {{"--join-pid=7"}, [](R r) { return !r.join.peers && r.join.pid == 7; }},
    {{"--join", "--join-env"}, [](R r) { return r.join.environment; }},
    {{"--join", "--join-timeout=1.5m"},
     [](R r) { return r.join.timeout == std::chrono::seconds(90); }},
};

TEST(RunOptions, FileSystem) {
    check(rows_of_files);
}
TEST(RunOptions, Program) {
    check(rows_of_programs);
}
TEST(RunOptions, UsersAndPrivileges) {
    check(rows_of_ids);
}
TEST(RunOptions, IsolationAndControl) {
    check(rows_of_isolation);
}
TEST(RunOptions, Peers) {
    check(rows_of_peers);
}

// An option that nobody tests is one that nobody knows to work.
TEST(RunOptions, EveryOptionIsTestedHere) {
    std::set<std::string> tested = {"bind",   "tmpfs", "mount", "rlimit", "timeout",  // below
                                    "seccomp"};  // tests/sandbox/seccomp-file.sh
    for (const auto* table :
         {&rows_of_files, &rows_of_programs, &rows_of_ids, &rows_of_isolation, &rows_of_peers}) {
        for (const Row& row : *table) {
            for (const std::string& word : row.options) {
                if (word.starts_with("--")) tested.insert(word.substr(2, word.find('=') - 2));
            }
        }
    }
    for (const auto& option : run_options()) {
        EXPECT_TRUE(tested.contains(option.name)) << option.name;
    }
}

TEST(RunOptions, Durations) {
    const struct {
        const char* value;
        double seconds;
    } table[] = {{"10", 10},    {"10s", 10},    {"1.5m", 90}, {"2h", 7200},
                 {"1d", 86400}, {"0.25", 0.25}, {"1e3", 1000}};
    for (const auto& row : table) {
        const RunRequest request = parsed({"--timeout", row.value});
        ASSERT_TRUE(request.timeout) << row.value;
        EXPECT_DOUBLE_EQ(static_cast<double>(request.timeout->count()) / 1e9, row.seconds);
    }
}

TEST(RunOptions, Limits) {
    const struct {
        const char* value;
        ResourceLimit limit;
    } table[] = {
        {"nofile=1024:4096", {RLIMIT_NOFILE, 1024, 4096}},
        {"core=0", {RLIMIT_CORE, 0, 0}},
        {"as=unlimited", {RLIMIT_AS, UINT64_MAX, UINT64_MAX}},
        {"stack=1:-1", {RLIMIT_STACK, 1, UINT64_MAX}},
        {"rttime=5", {RLIMIT_RTTIME, 5, 5}},
    };
    for (const auto& row : table) {
        const RunRequest request = parsed({"--rlimit", row.value});
        ASSERT_EQ(request.spec.limits.size(), 1U);
        const ResourceLimit& limit = request.spec.limits[0];
        EXPECT_EQ(limit.resource, row.limit.resource) << row.value;
        EXPECT_EQ(limit.soft, row.limit.soft) << row.value;
        EXPECT_EQ(limit.hard, row.limit.hard) << row.value;
    }
}

TEST(RunOptions, ADescriptorOfTheCallersIsKept) {
    const Fd open_one(fcntl(0, F_DUPFD_CLOEXEC, 50));
    ASSERT_TRUE(open_one);
    const RunRequest request = parsed({"--keep-fd", std::to_string(open_one.get())});
    EXPECT_EQ(request.spec.keep_descriptors, std::vector<int>{open_one.get()});
}

TEST(RunOptions, OperandsAreAnImageAndACommand) {
    const struct {
        Strings words;
        Strings command;
    } table[] = {
        {{"/image"}, {}},
        {{"/image", "--"}, {}},
        {{"/image", "ls", "-l"}, {"ls", "-l"}},
        {{"/image", "--", "ls", "--", "-w"}, {"ls", "--", "-w"}},
        {{"--", "/image", "ls"}, {"ls"}},
        {{"/image", "-w"}, {"-w"}},  // options end at the image
        {{"/image", ""}, {""}},
    };
    for (const auto& row : table) {
        const Result<RunRequest> request = parse(row.words);
        ASSERT_TRUE(request.ok());
        EXPECT_EQ(request.value().image, "/image");
        EXPECT_EQ(request.value().command, row.command);
        EXPECT_FALSE(request.value().spec.root) << "-w belongs to the command";
    }
}

TEST(RunOptions, ParsingTwiceGivesTheSame) {
    for (int times = 0; times < 2; times++) {
        EXPECT_EQ(parsed({"-c", "/a", "-u", "3"}).directory, "/a");
    }
}

struct Bad {
    Strings words;
    const char* error;
};

void check(const std::vector<Bad>& table) {
    for (const Bad& row : table) {
        const Result<RunRequest> request = parse(row.words);
        EXPECT_EQ(request ? "was taken" : request.error().text(), row.error)
            << testing::PrintToString(row.words);
    }
}

TEST(RunOptions, UsageErrors) {
    check({
        {{}, "options: IMAGE is missing (see `caisson run --help`)"},
        {{"-w"}, "options: IMAGE is missing (see `caisson run --help`)"},
        {{"--"}, "options: IMAGE is missing (see `caisson run --help`)"},
        {{"--bnd=/a", "/i"},
         "options: \"--bnd=/a\": there is no such option (did you mean --bind?)"},
        {{"--hostnme", "h", "/i"},
         "options: \"--hostnme\": there is no such option (did you mean --hostname?)"},
        {{"--zzzzzzzzzzz", "/i"},
         "options: \"--zzzzzzzzzzz\": there is no such option (see `caisson run --help`)"},
        {{"-x", "/i"}, "options: \"-x\": there is no such option (see `caisson run --help`)"},
        {{"-wx", "/i"}, "options: \"-x\": there is no such option (see `caisson run --help`)"},
        {{"--bind"}, "options: \"--bind\": needs a value"},
        {{"-b"}, "options: \"-b\": needs a value"},
        {{"-wb"}, "options: \"-b\": needs a value"},
    });
}

TEST(RunOptions, AValueForAnOptionThatTakesNone) {
    check({{{"--write=5", "/i"}, "options: --write \"5\": takes no value"}});
}

TEST(RunOptions, AnAbbreviationThatFitsTwo) {
    const Result<RunRequest> request = parse({"--wri", "/i"});
    ASSERT_FALSE(request.ok());
    EXPECT_NE(request.error().text().find("--write"), std::string::npos) << request.error().text();
}

// What an option says of a value; an empty one leaves no trace.
std::string about(const std::string& option, const std::string& value, const char* reason) {
    return "options: " + option + (value.empty() ? "" : " \"" + value + "\"") + ": " + reason;
}

TEST(RunOptions, BadIds) {
    const char* reason = "is no id: a number from 0 to 4294967294";
    for (const char* value :
         {"", "-1", "4294967295", "99999999999999999999", "root", "1.0", "0x1"}) {
        EXPECT_EQ(parse({"--uid", value, "/i"}).error().text(), about("--uid", value, reason));
        EXPECT_EQ(parse({"-g", value, "/i"}).error().text(), about("--gid", value, reason));
    }
}

TEST(RunOptions, BadDurations) {
    const char* reason = "is no duration: 10, 1.5m, 2h or 1d";
    for (const char* value : {"", "0", "-1", "x", "1x", "1 m", "inf", "nan", "1e99", "m"}) {
        EXPECT_EQ(parse({"--timeout", value, "/i"}).error().text(),
                  about("--timeout", value, reason));
    }
}

TEST(RunOptions, BadFilesOnDescriptors) {
    for (const char* value : {"", "5", "5=", "=/a"}) {
        EXPECT_FALSE(parse({"--file-fd", value, "/i"}).ok()) << value;
    }
    EXPECT_EQ(parse({"--file-fd", "x=/a", "/i"}).error().text(),
              about("--file-fd", "x=/a", "is no descriptor's number"));
}

TEST(RunOptions, BadDescriptors) {
    for (const char* option : {"--keep-fd", "--status-fd"}) {
        for (const char* value : {"", "x", "-1", "99999999"}) {
            EXPECT_EQ(parse({option, value, "/i"}).error().text(),
                      about(option, value, "is no descriptor's number"));
        }
        EXPECT_EQ(parse({option, "987", "/i"}).error().text(),
                  about(option, "987", "is not an open descriptor"));
    }
}

TEST(RunOptions, BadWords) {
    check({
        {{"--join-ct=0", "/i"}, "options: --join-ct \"0\": is no number of peers: 1, 2, 3 …"},
        {{"--join-ct=4(x2)", "/i"},
         "options: --join-ct \"4(x2)\": is no number of peers: 1, 2, 3 …"},
        {{"--join-tag=", "/i"}, "options: --join-tag: the tag must not be empty"},
        {{"--join-pid=-1", "/i"}, "options: --join-pid \"-1\": is no process id"},
        {{"--join-pid=1", "-j", "/i"}, "options: --join-pid: can't go with --join"},
        {{"--join-env", "/i"}, "options: --join-env: needs --join"},
        {{"--join-timeout=3", "/i"}, "options: --join-timeout: needs --join"},
        {{"--dev=none", "/i"}, "options: --dev \"none\": is neither host nor minimal"},
        {{"--close-fds=maybe", "/i"}, "options: --close-fds \"maybe\": is neither yes nor no"},
        {{"--private=user", "/i"},
         "options: --private \"user\": there is no namespace \"user\" (there are: pid, net, ipc, "
         "uts, cgroup, time, all)"},
        {{"--private=pid,", "/i"},
         "options: --private \"pid,\": there is no namespace \"\" (there are: pid, net, ipc, uts, "
         "cgroup, time, all)"},
        {{"--cap-add=nothing", "/i"},
         "options: --cap-add \"nothing\": there is no capability \"nothing\""},
        {{"--cap-drop=", "/i"}, "options: --cap-drop: there is no capability \"\""},
        {{"--rlimit=nofile", "/i"}, "options: --rlimit \"nofile\": a limit is NAME=SOFT[:HARD]"},
        {{"--rlimit=nofile=1:2:3", "/i"},
         "options: --rlimit \"nofile=1:2:3\": a limit is NAME=SOFT[:HARD]"},
        {{"--rlimit=nofile=x", "/i"},
         "options: --rlimit \"nofile=x\": a limit is a number or unlimited"},
        {{"--rlimit=files=1", "/i"},
         "options: --rlimit \"files=1\": there is no such limit (there are: as, core, cpu, data, "
         "fsize, locks, memlock, msgqueue, nice, nofile, nproc, rss, rtprio, rttime, sigpending, "
         "stack)"},
    });
}

TEST(RunOptions, BadIdMaps) {
    const struct {
        const char* value;
        const char* reason;
    } table[] = {
        {"", "a range is INSIDE:OUTSIDE:COUNT"},
        {"many", "a range is INSIDE:OUTSIDE:COUNT"},
        {"0:1", "a range is INSIDE:OUTSIDE:COUNT"},
        {"0:1:2:3", "a range is INSIDE:OUTSIDE:COUNT"},
        {"a:1:1", "a range is three numbers"},
        {"0:4294967295:1", "a range is three numbers"},
        {"0:1:-1", "a range is three numbers"},
        {"0:1:0", "a range has at least one id"},
        {"u:0:1:1", "needs a range for users and groups"},
        {"g:0:1:1", "needs a range for users and groups"},
        {"0:1:1,", "a range is INSIDE:OUTSIDE:COUNT"},
    };
    for (const auto& row : table) {
        const Error error = parse({"--id-map", row.value, "/i"}).error();
        EXPECT_EQ(error.operation, "--id-map");
        EXPECT_EQ(error.subject, row.value);
        EXPECT_EQ(error.reason, row.reason) << row.value;
    }
}

TEST(RunOptions, BadEnvironments) {
    check({
        {{"--set-env==x", "/i"},
         "environment: parse \"=x\": has an empty name (an assignment is NAME=VALUE)"},
        {{"--set-env=/no/such/file", "/i"},
         "environment: open \"/no/such/file\": No such file or directory"},
    });
}

}  // namespace
}  // namespace caisson::cli
