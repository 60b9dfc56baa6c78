// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/wait.h>

#include "unit/sandbox.h"

namespace caisson {
namespace {

class HooksOf : public Sandbox {};
INSTANTIATE_BOTH(HooksOf);

Hook hook(const std::string& script, uint32_t timeout_s = 10) {
    return {{"/bin/sh", "-c", script}, {"PATH=/usr/bin:/bin", "OF_THE_HOOK=yes"}, timeout_s};
}

// The Error's text with the hook's program in it, which is a shell everywhere here.
std::string failure(const Spec& spec) {
    return failure_of(plan_for(spec), shell("echo the program ran"));
}

TEST_P(HooksOf, EachSideRunsInItsPlace) {
    run([] {
        const HostPrograms image;
        const std::string log = image.directory().directory("log") + "/file";
        Spec spec = image.spec(RootWrites::kept);
        const std::string add = "echo $(readlink /proc/self/ns/mnt) $OF_THE_HOOK >>";
        spec.hooks.host = {hook(add + log), hook("echo second >>" + log)};
        spec.hooks.guest = {hook("echo guest >>/log/file")};
        spec.hooks.peer = {hook("echo peer >>/log/file")};
        char ours[64] = {};
        ASSERT_GT(readlink("/proc/self/ns/mnt", ours, sizeof ours - 1), 0);
        EXPECT_EQ(output_of(spec, "cat /log/file"),
                  std::string(ours) + " yes\nsecond\nguest\npeer\n");
    });
}

TEST_P(HooksOf, AHostHookReachesTheNewRootBeforeItIsSlash) {
    run([] {
        const HostPrograms image;
        image.directory().directory("of-the-image");
        Spec spec = image.spec(RootWrites::kept);
        spec.mounts.emplace_back(Tmpfs{"/mnt", {}, {}, 0755});
        spec.hooks.host = {
            hook("test -d $CAISSON_ROOT/of-the-image || exit 3\n"
                 "test -e /proc/$CAISSON_PID/status || exit 4\n"
                 "echo left >$CAISSON_ROOT/mnt/left || exit 5")};
        EXPECT_EQ(output_of(spec, "cat /mnt/left"), "left\n");
    });
}

TEST_P(HooksOf, TheStateIsOnStandardInput) {
    run([] {
        const HostPrograms image;
        Spec spec = image.spec(RootWrites::kept);
        spec.hooks.host = {
            hook("cat >$CAISSON_ROOT/state; echo $CAISSON_PID,$CAISSON_ROOT "
                 ">$CAISSON_ROOT/told")};
        spec.hooks.guest = {hook("cat >>/state; echo $CAISSON_PID,$CAISSON_ROOT >>/told")};
        const std::string script =
            "IFS=, && { read pid root && read inside slash; } </told && {\n"
            "echo '{\"ociVersion\":\"1.2.0\",\"id\":\"caisson-'$pid'\",\"status\":\"creating\","
            "\"pid\":'$pid',\"root\":\"'$root'\"}'\n"
            "echo '{\"ociVersion\":\"1.2.0\",\"id\":\"caisson-'$inside'\",\"status\":\"created\","
            "\"pid\":'$inside',\"root\":\"/\"}'; } | cmp - /state && echo the same";
        EXPECT_EQ(output_of(spec, script), "the same\n");
    });
}

TEST_P(HooksOf, AFailureNamesTheHookAndHowItEnded) {
    run([] {
        struct Case {
            Hook hook;
            const char* reason;
        } const cases[] = {
            {hook("exit 3"), "run \"/bin/sh\": exit status 3"},
            {hook("kill -9 $$"), "run \"/bin/sh\": ended by signal 9"},
            {hook("sleep 100", 1), "run \"/bin/sh\": took longer than 1 s"},
            {{{"/no/such/program"}, {}, 1},
             "execve \"/no/such/program\": No such file or directory"},
        };
        for (const Case& one : cases) {
            Spec spec = basic_spec();
            spec.hooks.host = {one.hook};
            EXPECT_TRUE(failure(spec).starts_with(std::string("host-hooks: ") + one.reason));
            spec.hooks = {.guest = {one.hook}};
            EXPECT_TRUE(failure(spec).starts_with(std::string("guest-hooks: ") + one.reason));
            spec.hooks = {.peer = {one.hook}};
            EXPECT_TRUE(failure(spec).starts_with(std::string("peer-hooks: ") + one.reason));
        }
    });
}

TEST_P(HooksOf, TheFirstFailureIsTheLastHook) {
    run([] {
        const HostPrograms image;
        const std::string log = image.directory().directory("log") + "/file";
        Spec spec = image.spec(RootWrites::kept);
        spec.hooks.host = {hook("exit 1"), hook("echo second >>" + log)};
        spec.hooks.guest = {hook("echo guest >>" + log)};
        EXPECT_TRUE(failure(spec).starts_with("host-hooks: "));
        EXPECT_NE(access(log.c_str(), F_OK), 0);
    });
}

TEST_P(HooksOf, AGuestHookMayDoWhatTheProgramMay) {
    run([] {
        Spec spec = basic_spec();
        spec.capabilities = CapabilitySet::none();
        const std::string look = "grep -E 'Cap(Inh|Prm|Eff|Amb)|NoNew' /proc/self/status >&2";
        spec.hooks.guest = {hook(look)};
        const std::string both = output_of(spec, look);
        ASSERT_FALSE(both.empty());
        EXPECT_NE(both.find("CapEff:\t0000000000000000"), std::string::npos);
        EXPECT_EQ(both.substr(0, both.size() / 2), both.substr(both.size() / 2));
    });
}

TEST_P(HooksOf, AHookHasNoDescriptorOfOursAndTwoOutputsThatAreOne) {
    run([] {
        Spec spec = basic_spec();
        // Three, and the shell's own for the directory that it reads.
        spec.hooks = {.host = {hook("set -- /proc/$$/fd/*; test $# = 4")},
                      .guest = {hook("set -- /proc/$$/fd/*; echo $#; echo more >&2")}};
        EXPECT_EQ(output_of(spec, "echo program"), "4\nmore\nprogram\n");
    });
}

TEST_P(HooksOf, AnIgnoredSigchldLosesNoStatus) {
    run([] {
        signal(SIGCHLD, SIG_IGN);
        Spec spec = basic_spec();
        spec.hooks = {.host = {hook("exit 0")}, .guest = {hook("exit 7")}};
        Result<Child> child = launch(plan_for(spec), shell("exit 0"));
        ASSERT_FALSE(child.ok());
        EXPECT_EQ(child.error().text(), "guest-hooks: run \"/bin/sh\": exit status 7");
        struct sigaction action {};
        sigaction(SIGCHLD, nullptr, &action);
        EXPECT_EQ(action.sa_handler, SIG_IGN);
    });
}

TEST_P(HooksOf, WhatAHookHasStartedIsKilledWithItAtTheTimeout) {
    run([] {
        const TemporaryDirectory directory;
        const std::string file = directory.path() + "/pid";
        Spec spec = basic_spec();
        spec.hooks.host = {hook("sleep 50 & echo $! >" + file + "; sleep 50", 1)};
        EXPECT_FALSE(launch(plan_for(spec), shell("exit 0")).ok());
        const Fd fd(open(file.c_str(), O_RDONLY));
        const pid_t started = atoi(read_all(fd.get()).c_str());
        ASSERT_GT(started, 0);
        // Somebody else reaps it, at some time.
        for (int i = 0; i < 100 && kill(started, 0) == 0; i++)
            usleep(20'000);
        const std::string state = "/proc/" + std::to_string(started) + "/stat";
        const Fd stat(open(state.c_str(), O_RDONLY));
        EXPECT_TRUE(!stat || read_all(stat.get()).find(" Z ") != std::string::npos);
    });
}

TEST_P(HooksOf, AnInitDoesNotStandInTheirWay) {
    run([] {
        const HostPrograms image;
        Spec spec = image.spec(RootWrites::kept);
        spec.namespaces.pid = true;
        spec.mounts.emplace_back(Proc{});
        spec.hooks = {.host = {hook("test $CAISSON_PID -gt 1")},
                      .guest = {hook("test $CAISSON_PID = 1")}};
        EXPECT_EQ(output_of(spec, "echo ran"), "ran\n");
    });
}

TEST_P(HooksOf, InPlaceTheAttendantRunsThoseOfTheHost) {
    run([] {
        Spec spec = basic_spec();
        spec.hooks = {.host = {hook("test $CAISSON_PID != $PPID && test -d $CAISSON_ROOT")},
                      .guest = {hook("test $CAISSON_PID = $PPID")}};
        const Plan plan = plan_for(spec);
        const pid_t pid = fork();
        if (pid == 0) {
            (void)become(plan, shell("exit 42"));
            _exit(1);
        }
        int status = 0;
        ASSERT_EQ(waitpid(pid, &status, 0), pid);
        EXPECT_EQ(WEXITSTATUS(status), 42);
    });
}

TEST_P(HooksOf, InPlaceAFailureIsTheSameError) {
    run([] {
        Spec spec = basic_spec();
        spec.hooks = {.host = {hook("exit 9")}};
        EXPECT_EQ(become(plan_for(spec), shell("exit 42")).text(),
                  "host-hooks: run \"/bin/sh\": exit status 9");
    });
}

TEST(Hooks, AreCheckedBeforeAnythingStarts) {
    const struct {
        Hook hook;
        const char* error;
    } table[] = {
        {{}, "spec: hook: has no program"},
        {{{"sh"}, {}, 1}, "spec: hook \"sh\": must be absolute"},
        {{{"/bin/sh", std::string("a\0b", 3)}, {}, 1}, "spec: hook \"a\\x00b\": has a NUL byte"},
        {{{"/bin/sh"}, {}, 0}, "spec: hook \"/bin/sh\": a timeout is from 1 to 86400 seconds"},
        {{{"/bin/sh"}, std::vector<std::string>(4096, "A=b"), 1},
         "spec: hook \"/bin/sh\": has more than 4096 arguments and variables"},
    };
    for (const auto& row : table) {
        for (auto list : {&Hooks::host, &Hooks::guest, &Hooks::peer}) {
            Spec spec;
            (spec.hooks.*list).push_back(row.hook);
            EXPECT_EQ(compile(spec, *this_host()).error().text(), row.error);
        }
    }
}

}  // namespace
}  // namespace caisson
