// SPDX-License-Identifier: Apache-2.0
#include "caisson/child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "unit/sandbox.h"

namespace caisson {
namespace {

class Children : public Sandbox {};
INSTANTIATE_BOTH(Children);

Child start(const Spec& spec, const std::string& script) {
    Result<Child> child = launch(plan_for(spec), shell(script));
    EXPECT_TRUE(child.ok()) << (child ? "" : child.error().text());
    if (!child) abort();
    return std::move(child).value();
}

Spec with_pid_namespace() {
    Spec spec = basic_spec();
    spec.namespaces.pid = true;
    return spec;
}

bool exists(pid_t pid) {
    return kill(pid, 0) == 0;
}

TEST(Ending, StatusIsWhatAShellReports) {
    EXPECT_EQ((Ending{7, {}}.status()), 7);
    EXPECT_EQ((Ending{{}, SIGTERM}.status()), 143);
    EXPECT_EQ((Ending{143, {}}.status()), 143);
}

TEST_P(Children, AnExitAndASignalAreNeverMixedUp) {
    run([] {
        const struct {
            const char* script;
            std::optional<int> code;
            std::optional<int> signal;
        } table[] = {
            {"exit 0", 0, {}},
            {"exit 7", 7, {}},
            {"exit 255", 255, {}},
            {"exit 143", 143, {}},
            {"kill -TERM $$", {}, SIGTERM},
            {"kill -KILL $$", {}, SIGKILL},
            {"ulimit -c 0; kill -SEGV $$", {}, SIGSEGV},
        };
        for (const auto& row : table) {
            for (const Spec& spec : {basic_spec(), with_pid_namespace()}) {
                const Ending ending = start(spec, row.script).wait().value();
                EXPECT_EQ(ending.code, row.code) << row.script;
                EXPECT_EQ(ending.signal, row.signal) << row.script;
            }
        }
    });
}

TEST_P(Children, WaitGivesTheSameTwice) {
    run([] {
        Child child = start(basic_spec(), "exit 3");
        EXPECT_EQ(child.wait().value().code, 3);
        EXPECT_EQ(child.wait().value().code, 3);
    });
}

TEST_P(Children, SendReachesTheProgramUntilItEnds) {
    run([] {
        for (const bool has_pidfd : {true, false}) {
            for (Spec spec : {basic_spec(), with_pid_namespace()}) {
                Plan plan = plan_for(spec);
                plan.kernel.pidfd = has_pidfd;
                int ends[2];
                ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
                Program program = shell("trap 'exit 9' TERM; echo; while :; do sleep 0.01; done");
                program.redirections = {{ends[1], 1}};
                Child child = launch(plan, program).value();
                char ready = 0;
                EXPECT_EQ(read(ends[0], &ready, 1), 1);
                EXPECT_TRUE(child.send(SIGTERM).ok());
                EXPECT_EQ(child.wait().value().code, 9);
                EXPECT_EQ(child.send(SIGTERM).error().errno_value, ESRCH);
                close(ends[0]);
                close(ends[1]);
            }
        }
    });
}

TEST_P(Children, ThePidfdTellsOfTheEnd) {
    run([] {
        Child child = start(basic_spec(), "exec sleep 60");
        ASSERT_GE(child.pidfd(), 0);
        EXPECT_EQ(fcntl(child.pidfd(), F_GETFD), FD_CLOEXEC);
        pollfd ended = {child.pidfd(), POLLIN, 0};
        EXPECT_EQ(poll(&ended, 1, 0), 0);
        EXPECT_TRUE(child.send(SIGKILL).ok());
        EXPECT_EQ(poll(&ended, 1, 10000), 1);
        EXPECT_EQ(child.wait().value().signal, SIGKILL);
    });
}

TEST_P(Children, DroppingKillsAndReaps) {
    run([] {
        pid_t pid = 0;
        {
            const Child child = start(basic_spec(), "exec sleep 60");
            pid = child.pid();
            EXPECT_TRUE(exists(pid));
        }
        EXPECT_FALSE(exists(pid));
        EXPECT_EQ(waitpid(-1, nullptr, 0), -1);
    });
}

TEST_P(Children, DroppingEndsAllOfAPidNamespace) {
    run([] {
        int ends[2];
        ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
        {
            Plan plan = plan_for(with_pid_namespace());
            ASSERT_TRUE(plan.prepend({"out", Side::child, {{step::Redirect{{ends[1], 1}}}}}).ok());
            const Result<Child> child =
                launch(plan, shell("setsid sh -c 'sleep 60 & echo; wait' & wait"));
            ASSERT_TRUE(child.ok());
            char ready = 0;
            EXPECT_EQ(read(ends[0], &ready, 1), 1);
        }
        close(ends[1]);
        EXPECT_EQ(read_all(ends[0]), "") << "nobody holds the pipe any more";
    });
}

TEST_P(Children, MovingKeepsAndAssigningDrops) {
    run([] {
        Child first = start(basic_spec(), "exec sleep 60");
        Child second = start(basic_spec(), "exec sleep 60");
        const pid_t first_pid = first.pid();
        const pid_t second_pid = second.pid();
        Child third(std::move(first));
        EXPECT_EQ(third.pid(), first_pid);
        EXPECT_TRUE(exists(first_pid));
        third = std::move(second);
        EXPECT_EQ(third.pid(), second_pid);
        EXPECT_FALSE(exists(first_pid));
        EXPECT_TRUE(exists(second_pid));
    });
}

TEST_P(Children, ADetachedOneLivesOn) {
    run([] {
        const pid_t pid = start(basic_spec(), "exec sleep 60").detach();
        EXPECT_TRUE(exists(pid));
        kill(pid, SIGKILL);
        EXPECT_EQ(waitpid(pid, nullptr, 0), pid);
    });
}

// --- the init

TEST_P(Children, TheInitReapsWhatTheProgramLeavesBehind) {
    run([] {
        Spec spec = with_pid_namespace();
        spec.mounts = {Proc{}};
        EXPECT_EQ(output_of(spec,
                            "echo $$; (sleep 0.1 & ) ; sleep 0.4; "
                            "grep -c '^State:.Z' /proc/[0-9]*/status | grep -c ':1'"),
                  "2\n0\n");
    });
}

TEST_P(Children, TheProgramMayBeProcessOne) {
    run([] {
        Spec spec = with_pid_namespace();
        spec.init = Init::none;
        EXPECT_EQ(output_of(spec, "echo $$"), "1\n");
    });
}

TEST_P(Children, TheInitHasNoDescriptorAndNoPrivilegeButToSendSignals) {
    run([] {
        for (const int fd : {100, 101})
            ASSERT_EQ(dup2(0, fd), fd);
        Spec spec = with_pid_namespace();
        spec.mounts = {Proc{}};
        EXPECT_EQ(output_of(spec,
                            "ls /proc/1/fd 2>/dev/null; "
                            "grep -E '^(NoNewPrivs|CapEff|CapPrm)' /proc/1/status"),
                  "CapPrm:\t0000000000000020\nCapEff:\t0000000000000020\nNoNewPrivs:\t1\n");
    });
}

TEST_P(Children, TheInitIsNotForTheProgramToLookInto) {
    if (GetParam() == Who::root) GTEST_SKIP() << "root may look into everything";
    run([] {
        Spec spec = with_pid_namespace();
        spec.mounts = {Proc{}};
        EXPECT_EQ(output_of(spec, "cat /proc/1/environ /proc/1/mem 2>/dev/null"), "");
    });
}

TEST_P(Children, TheEndOfTheProgramIsTheEndOfTheNamespace) {
    run([] {
        Child child = start(with_pid_namespace(), "sleep 60 & exit 5");
        EXPECT_EQ(child.wait().value().code, 5);
    });
}

}  // namespace
}  // namespace caisson
