// SPDX-License-Identifier: Apache-2.0
//
// Turning the calling process into the program.
#include <errno.h>
#include <sys/wait.h>

#include <thread>

#include "base/text.h"
#include "unit/sandbox.h"

namespace caisson {
namespace {

class Become : public Sandbox {};
INSTANTIATE_BOTH(Become);

struct Became {
    pid_t pid;
    int status;  // 200: become() came back, with its Error as the output
    std::string output;
};

// In a forked process with its output in a pipe.
Became in_place(const Plan& plan, const Program& program, const LaunchOptions& options = {},
                const std::function<void()>& before = {}) {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    fflush(nullptr);
    const pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], 1);
        dup2(ends[1], 2);
        if (before) before();
        const std::string text = become(plan, program, options).text();
        (void)!write(1, text.data(), text.size());
        _exit(200);
    }
    close(ends[1]);
    Became became{pid, 0, read_all(ends[0])};
    close(ends[0]);
    int status = 0;
    waitpid(pid, &status, 0);
    became.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return became;
}

TEST_P(Become, TheProcessKeepsItsNumberAndHasNoChild) {
    run([] {
        const Became became = in_place(plan_for(basic_spec()),
                                       shell("echo $$; cat /proc/$$/task/$$/children; exit 4"));
        EXPECT_EQ(became.status, 4);
        // cat itself is the only child.
        EXPECT_EQ(text::split(became.output, '\n')[0], std::to_string(became.pid));
        EXPECT_EQ(text::split(text::split(became.output, '\n')[1], ' ').size(), 2U);
    });
}

TEST_P(Become, AFailureComesBack) {
    run([] {
        const Became became = in_place(plan_for(basic_spec()), program_from({"/no/such"}, {}, {}));
        EXPECT_EQ(became.status, 200);
        EXPECT_EQ(
            became.output,
            "exec: execve \"/no/such\": No such file or directory (is the program, or its ELF "
            "interpreter, inside the image?)");
        Spec spec = basic_spec();
        spec.mounts = {Bind{"/no/such", "/usr"}};
        EXPECT_EQ(in_place(plan_for(spec), shell("echo ran")).output,
                  "mounts: open_tree \"/no/such\": No such file or directory (a bind source must "
                  "exist; the option `try` skips it)");
    });
}

TEST_P(Become, NamespacesThatOneIsBornInAreRefused) {
    run([] {
        for (bool Namespaces::*field : {&Namespaces::pid, &Namespaces::time}) {
            Spec spec = basic_spec();
            spec.namespaces.*field = true;
            const Became became = in_place(plan_for(spec), shell("echo ran"));
            EXPECT_EQ(became.status, 200);
            EXPECT_NE(became.output.find("a process can't move into a pid or time namespace (use "
                                         "launch())"),
                      std::string::npos)
                << became.output;
        }
    });
}

// user_namespaces(7): EINVAL for a process with threads.
TEST_P(Become, ThreadsAreRefusedInPlainWords) {
    if (GetParam() == Who::root) GTEST_SKIP() << "only a user namespace asks for a single thread";
    run([] {
        const auto with_thread = [] { std::thread([] { pause(); }).detach(); };
        const Became became = in_place(plan_for(basic_spec()), shell("echo ran"), {}, with_thread);
        EXPECT_EQ(became.status, 200);
        EXPECT_NE(became.output.find("thread"), std::string::npos) << became.output;
    });
}

int note_pid(void* number) {
    *static_cast<int*>(number) = getpid();
    return 0;
}

TEST_P(Become, ParentPhasesRunOutside) {
    run([] {
        int* numbers = shared_integers();
        Plan plan = plan_for(basic_spec());
        const auto memory = step::Call::Memory::may_be_shared;
        ASSERT_TRUE(plan.append({"outside",
                                 Side::parent,
                                 {{step::Call{"outside", note_pid, &numbers[0], memory}}}})
                        .ok());
        ASSERT_TRUE(plan.append({"inside",
                                 Side::child,
                                 {{step::Call{"inside", note_pid, &numbers[1], memory}}}})
                        .ok());
        const Became became =
            in_place(plan, shell("set -- $(cat /proc/$$/task/$$/children); echo $#; exit 4"));
        EXPECT_EQ(became.status, 4);
        EXPECT_EQ(became.output, "1\n") << "cat, and no attendant";
        EXPECT_NE(numbers[0], 0);
        EXPECT_NE(numbers[0], became.pid);
        EXPECT_EQ(numbers[1], became.pid);
    });
}

TEST_P(Become, AParentPhaseThatFailsEndsTheProcess) {
    run([] {
        Plan plan = plan_for(basic_spec());
        const auto refuse = [](void*) { return -EXDEV; };
        ASSERT_TRUE(
            plan.append({"outside", Side::parent, {{step::Call{"mine", refuse, nullptr}}}}).ok());
        const Became became = in_place(plan, shell("echo ran"));
        EXPECT_NE(became.status, 0);
        EXPECT_NE(became.output.find("outside: call \"mine\": Invalid cross-device link"),
                  std::string::npos)
            << became.output;
        EXPECT_EQ(became.output.find("ran"), std::string::npos);
    });
}

TEST_P(Become, TheParentDeathSignalOfALaunchIsNotMeant) {
    run([] {
        // SIGKILL "only with launch" would end a program whose parent is a shell that exits.
        const Became became = in_place(plan_for(basic_spec()), shell("echo ran"));
        EXPECT_EQ(became.output, "ran\n");
    });
}

}  // namespace
}  // namespace caisson
