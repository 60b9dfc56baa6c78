// SPDX-License-Identifier: Apache-2.0
//
// What a launched program finds, and what is left when it could not be started.
#include "caisson/launch.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <atomic>
#include <thread>

#include "unit/sandbox.h"

namespace caisson {
namespace {

class Launch : public Sandbox {};
INSTANTIATE_BOTH(Launch);

TEST_P(Launch, ArgumentsAndEnvironmentAreWhole) {
    run([] {
        Program program;
        program.candidates = {"/bin/sh"};
        program.arguments = {"another name", "-c", "echo \"$0 $1 $2\"; env -u PWD -u _ | sort",
                             "zero",         "",   "t w o"};
        program.environment = {"A=1", "EMPTY=", "PATH=/usr/bin:/bin"};
        EXPECT_EQ(output_of(plan_for(basic_spec()), program),
                  "zero  t w o\nA=1\nEMPTY=\nPATH=/usr/bin:/bin\n");
    });
}

TEST_P(Launch, TheWorkingDirectoryIsInside) {
    run([] {
        Program program = shell("pwd");
        program.directory = "/usr";
        EXPECT_EQ(output_of(plan_for(basic_spec()), program), "/usr\n");
        program.directory = "";
        ASSERT_EQ(chdir("/usr/bin"), 0);
        EXPECT_EQ(output_of(plan_for(basic_spec()), program), "/usr/bin\n");
        program.directory = "/no/such";
        EXPECT_EQ(failure_of(plan_for(basic_spec()), program),
                  "cwd: chdir \"/no/such\": No such file or directory (the working directory is "
                  "looked up inside the image)");
    });
}

constexpr const char* list_descriptors =
    "for fd in 63 64 65 66 67 68 69; do [ -e /proc/self/fd/$fd ] && echo $fd; done; true";

TEST_P(Launch, OnlyNamedDescriptorsArePassedOn) {
    run([] {
        for (const int fd : {64, 66, 68})
            ASSERT_EQ(dup2(0, fd), fd);  // not close-on-exec
        fcntl(68, F_SETFD, FD_CLOEXEC);
        Spec spec = basic_spec();
        for (const bool has_close_range : {true, false}) {
            Plan plan = plan_for(spec);
            plan.kernel.close_range = has_close_range;
            EXPECT_EQ(output_of(plan, shell(list_descriptors)), "");
        }
        spec.keep_descriptors = {68, 64};
        for (const bool has_close_range : {true, false}) {
            Plan plan = plan_for(spec);
            plan.kernel.close_range = has_close_range;
            EXPECT_EQ(output_of(plan, shell(list_descriptors)), "64\n68\n");
        }
        spec.keep_descriptors = {77};
        EXPECT_EQ(
            failure_of(plan_for(spec), shell("true")),
            "fds: fcntl \"77\": Bad file descriptor (--keep-fd needs a descriptor that is open)");
        spec.keep_descriptors = {};
        spec.close_descriptors = false;
        EXPECT_EQ(output_of(plan_for(spec), shell(list_descriptors)), "64\n66\n");
    });
}

TEST_P(Launch, RedirectionsOfTheProgramAreMade) {
    run([] {
        const TemporaryDirectory directory;
        const Fd in(open(directory.file("in", "from a file").c_str(), O_RDONLY | O_CLOEXEC));
        Program program = shell("cat");
        program.redirections = {{in.get(), 0}};
        EXPECT_EQ(output_of(plan_for(basic_spec()), program), "from a file");
    });
}

// SigBlk, SigIgn and SigCgt of a program that was started from a thread with a handler, an ignored
// signal and a blocked one.
TEST_P(Launch, SignalsAreTheCallersButForHandlers) {
    run([] {
        signal(SIGUSR1, [](int) {});
        signal(SIGUSR2, SIG_IGN);
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigprocmask(SIG_BLOCK, &set, nullptr);
        const std::string inherited =
            "SigBlk:\t0000000000004000\nSigIgn:\t0000000000000800\nSigCgt:\t0000000000000000\n";
        Program program =
            program_from({"/bin/sed", "-n", "/^Sig[BIC]/p", "/proc/self/status"}, {}, {});
        for (const bool has_clone3 : {true, false}) {
            Plan plan = plan_for(basic_spec());
            plan.kernel.clone3 = has_clone3;
            EXPECT_EQ(output_of(plan, program), inherited);
        }
        Spec spec = basic_spec();
        spec.default_signals = {SIGUSR2};
        sigemptyset(&program.signal_mask.emplace());
        EXPECT_EQ(output_of(plan_for(spec), program),
                  "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n"
                  "SigCgt:\t0000000000000000\n");
    });
}

TEST_P(Launch, TheProcessIsAsTheSpecSays) {
    run([] {
        Spec spec = basic_spec();
        spec.new_session = true;
        spec.oom_score_adjust = 1000;
        spec.personality = ADDR_NO_RANDOMIZE | UNAME26;
        CPU_ZERO(&spec.cpu_affinity.emplace());
        CPU_SET(0, &*spec.cpu_affinity);
        spec.limits = {{RLIMIT_CORE, 0, 0}, {RLIMIT_NOFILE, 64, 128}};
        spec.namespaces.uts = true;
        spec.hostname = "inside";
        spec.domainname = "caisson";
        const std::string output = output_of(
            spec,
            "ps -o sid= -p $$ | tr -d ' ' | sed \"s/^$$\\$/own session/\"; "
            "cat /proc/self/oom_score_adj /proc/self/personality; uname -r | cut -c 1-3; "
            "grep Cpus_allowed_list /proc/self/status; ulimit -Sc; ulimit -Sn; ulimit -Hn; "
            "uname -n; cat /proc/sys/kernel/domainname; grep NoNewPrivs /proc/self/status");
        EXPECT_EQ(output,
                  "own session\n1000\n00060000\n2.6\nCpus_allowed_list:\t0\n0\n64\n128\ninside\n"
                  "caisson\nNoNewPrivs:\t1\n");
    });
}

TEST_P(Launch, LoopbackIsUp) {
    run([] {
        Spec spec = basic_spec();
        spec.namespaces.net = true;
        // No tool for interfaces need be there: a datagram to oneself needs the interface and its
        // route.
        const std::string output =
            output_of(spec,
                      "cat /proc/net/dev | grep -c :; grep -c '7F000001' /proc/net/fib_trie; "
                      "exec 3<>/dev/null; cat /proc/net/route | wc -l");
        EXPECT_EQ(output.substr(0, 2), "1\n") << output;
    });
}

TEST_P(Launch, GroupsAreSetBeforeTheUser) {
    if (GetParam() != Who::root) GTEST_SKIP() << "an ordinary user has one id, from the map";
    run([] {
        Spec spec = basic_spec();
        spec.uid = 1234;
        spec.gid = 5678;
        spec.groups = {7, 9};
        spec.capabilities = CapabilitySet::none();
        EXPECT_EQ(output_of(spec, "id -u; id -g; id -G; grep Cap /proc/self/status | sort"),
                  "1234\n5678\n5678 7 9\nCapAmb:\t0000000000000000\n" +
                      output_of(basic_spec(), "grep CapBnd /proc/self/status") +
                      "CapEff:\t0000000000000000\nCapInh:\t0000000000000000\n"
                      "CapPrm:\t0000000000000000\n");
    });
}

TEST_P(Launch, KeptCapabilitiesSurviveTheChangeOfUser) {
    run([] {
        Spec spec = basic_spec();
        spec.uid = 1234;
        spec.gid = 1234;
        spec.capabilities = CapabilitySet::named("net_bind_service");
        EXPECT_EQ(output_of(spec, "id -u; grep -E 'Cap(Eff|Prm|Inh|Amb)' /proc/self/status"),
                  "1234\nCapInh:\t0000000000000400\nCapPrm:\t0000000000000400\n"
                  "CapEff:\t0000000000000400\nCapAmb:\t0000000000000400\n");
    });
}

// execvp(3)'s rules.
TEST_P(Launch, CandidatesAreTriedInTheirOrder) {
    run([] {
        const TemporaryDirectory directory;
        directory.directory("dir");
        const std::string plain = directory.file("plain", "#!/bin/sh\n");
        const struct {
            std::vector<std::string> candidates;
            std::string text;
            int status;
        } table[] = {
            {{"/no/such", "/bin/sh"}, "ended with 0: ran\n", 0},
            {{plain, "/bin/sh"}, "ended with 0: ran\n", 0},
            {{plain + "/x", "/bin/sh"}, "ended with 0: ran\n", 0},
            {{"/no/such"},
             "exec: execve \"name\": No such file or directory (is the program, or its ELF "
             "interpreter, inside the image?)",
             127},
            {{"/no/such", plain},
             "exec: execve \"name\": Permission denied (not executable for this user, or on a "
             "noexec mount)",
             126},
            {{directory.path() + "/dir"},
             "exec: execve \"name\": Permission denied (not executable for this user, or on a "
             "noexec mount)",
             126},
        };
        for (const auto& row : table) {
            Program program = shell("echo ran");
            program.arguments[0] = "name";
            program.candidates = row.candidates;
            const Plan plan = plan_for(basic_spec());
            EXPECT_EQ(failure_of(plan, program), row.text);
            if (row.status == 0) continue;
            EXPECT_EQ(exit_status(launch(plan, program).error()), row.status);
        }
    });
}

TEST_P(Launch, AProgramOfAnUnknownFormat) {
    run([] {
        const TemporaryDirectory directory;
        const std::string path = directory.file("odd", "no program at all");
        std::filesystem::permissions(path, std::filesystem::perms(0755));
        const Program program = program_from({path}, {}, {});
        const Result<Child> child = launch(plan_for(basic_spec()), program);
        ASSERT_FALSE(child.ok());
        EXPECT_EQ(child.error().text(), "exec: execve \"" + path +
                                            "\": Exec format error (built for another "
                                            "architecture, or a script without a #! line)");
        EXPECT_EQ(exit_status(child.error()), 126);
    });
}

// Text with a NUL would reach the kernel cut short.
TEST_P(Launch, NoTextOfTheProgramHasANul) {
    run([] {
        const std::string nul("a\0b", 3);
        const std::function<void(Program&)> changes[] = {
            [&](Program& p) { p.arguments.push_back(nul); },
            [&](Program& p) { p.environment.push_back(nul); },
            [&](Program& p) { p.candidates.insert(p.candidates.begin(), "/bin/true" + nul); },
            [&](Program& p) { p.directory = std::string("/\0x", 3); },
        };
        for (const auto& change : changes) {
            Program program = shell("echo ran");
            change(program);
            const std::string text = failure_of(plan_for(basic_spec()), program);
            EXPECT_NE(text.find("NUL"), std::string::npos) << text;
        }
    });
}

TEST_P(Launch, ABigEnvironmentIsTheKernelsToRefuse) {
    run([] {
        Program program = shell("echo ran");
        for (int i = 0; i < 60; i++) {
            program.environment.push_back("V" + std::to_string(i) + "=" + std::string(100000, 'x'));
        }
        EXPECT_EQ(failure_of(plan_for(basic_spec()), program),
                  "exec: execve \"/bin/sh\": Argument list too long (arguments and environment are "
                  "larger than the kernel takes)");
    });
}

// --- failures

TEST_P(Launch, AFailureNamesPhaseOperationAndSubject) {
    run([] {
        const HostPrograms image;
        const struct {
            std::function<void(Spec&)> change;
            std::string text;
        } table[] = {
            {[](Spec& s) {
                 s.mounts.push_back(Bind{"/no/such", "/usr"});
             },
             "mounts: open_tree \"/no/such\": No such file or directory (a bind source must exist; "
             "the option `try` skips it)"},
            {[](Spec& s) {
                 s.mounts.push_back(Bind{"/etc/passwd", "/usr"});
             },
             "mounts: move_mount \"/usr\": Invalid argument (a directory can't be bound on a file, "
             "nor a file on one)"},
            {[](Spec& s) { s.root->directory = "/no/such"; },
             "root: open_tree \"/no/such\": No such file or directory (the image directory has to "
             "exist)"},
            {[](Spec& s) {
                 s.mounts.push_back(Tmpfs{"/usr", {}, "lots"});
             },
             "mounts: fsconfig \"/usr\": Invalid argument (the file system does not take one of "
             "the options)"},
            {[](Spec& s) {
                 s.limits = {{999, 1, 1}};
             },
             "limits: prlimit \"limit 999\": Invalid argument"},
        };
        for (const auto& row : table) {
            Spec spec = image.spec(RootWrites::kept);
            row.change(spec);
            EXPECT_EQ(failure_of(plan_for(spec), shell("echo ran")), row.text);
        }
    });
}

TEST_P(Launch, AFailureSaysNothingAndLeavesNothing) {
    run([] {
        const HostPrograms image;
        Spec spec = image.spec(RootWrites::kept);
        spec.mounts.push_back(Bind{"/no/such", "/usr"});
        int ends[2];
        ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
        Fd write_end(ends[1]);
        const Fd error_stream(dup(2));
        dup2(write_end.get(), 2);
        const Result<Child> child = launch(plan_for(spec), shell("echo ran"));
        dup2(error_stream.get(), 2);
        write_end.reset();
        EXPECT_FALSE(child.ok());
        EXPECT_EQ(read_all(ends[0]), "");
        EXPECT_EQ(waitpid(-1, nullptr, 0), -1);
        EXPECT_EQ(errno, ECHILD);
    });
}

size_t open_descriptors() {
    size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        (void)entry;
        count++;
    }
    return count;
}

TEST_P(Launch, NoDescriptorStaysOpen) {
    run([] {
        const Plan plan = plan_for(basic_spec());
        const size_t before = open_descriptors();
        for (int i = 0; i < 20; i++) {
            EXPECT_EQ(output_of(plan, shell("echo ran")), "ran\n");
            EXPECT_FALSE(launch(plan, program_from({"/no/such"}, {}, {})).ok());
        }
        EXPECT_EQ(open_descriptors(), before);
    });
}

TEST_P(Launch, ErrnoOfTheCallerStaysAsItWas) {
    run([] {
        const Plan plan = plan_for(basic_spec());
        errno = ENOTTY;
        const Result<Child> child = launch(plan, program_from({"/no/such"}, {}, {}));
        EXPECT_EQ(errno, ENOTTY);
        EXPECT_FALSE(child.ok());
    });
}

// --- callers of every kind

TEST_P(Launch, FromManyThreadsWithMemory) {
    run([] {
        std::vector<char> memory(256 << 20, 'x');
        std::atomic<bool> done{false};
        std::thread busy([&] {
            while (!done)
                std::string(1000, 'y').append("z");
        });
        std::vector<std::thread> launchers;
        std::atomic<int> right{0};
        for (int i = 0; i < 4; i++) {
            launchers.emplace_back([&, i] {
                for (int times = 0; times < 15; times++) {
                    const std::string word = std::to_string(i) + "." + std::to_string(times);
                    if (output_of(plan_for(basic_spec()), shell("echo " + word)) == word + "\n") {
                        right++;
                    }
                }
            });
        }
        for (std::thread& thread : launchers)
            thread.join();
        done = true;
        busy.join();
        EXPECT_EQ(right, 60);
        EXPECT_EQ(memory[100 << 20], 'x');
    });
}

std::atomic<int> handled{0};
std::atomic<int> handled_elsewhere{0};
pid_t home = 0;

// The child must not run the caller's handlers: it shares the memory that they change.
TEST_P(Launch, WhileSignalsArrive) {
    run([] {
        home = getpid();
        struct sigaction action {};
        action.sa_handler = [](int) {
            handled++;
            if (getpid() != home) handled_elsewhere++;
        };
        action.sa_flags = SA_RESTART;
        sigaction(SIGALRM, &action, nullptr);
        const itimerval often = {{0, 500}, {0, 500}};
        setitimer(ITIMER_REAL, &often, nullptr);
        const Plan plan = plan_for(basic_spec());
        for (int i = 0; i < 100; i++)
            EXPECT_EQ(output_of(plan, shell("echo ran")), "ran\n");
        EXPECT_GT(handled, 0);
        EXPECT_EQ(handled_elsewhere, 0);
    });
}

TEST_P(Launch, TheCallersMaskComesBack) {
    run([] {
        sigset_t before;
        sigset_t after;
        sigemptyset(&before);
        sigaddset(&before, SIGUSR1);
        sigprocmask(SIG_SETMASK, &before, nullptr);
        EXPECT_EQ(output_of(plan_for(basic_spec()), shell("echo ran")), "ran\n");
        EXPECT_FALSE(launch(plan_for(basic_spec()), program_from({"/no/such"}, {}, {})).ok());
        sigprocmask(SIG_BLOCK, nullptr, &after);
        EXPECT_EQ(sigismember(&after, SIGUSR1), 1);
        EXPECT_EQ(sigismember(&after, SIGTERM), 0);
    });
}

TEST_P(Launch, TimesAreMeasuredInTheirOrder) {
    run([] {
        LaunchOptions options;
        std::vector<PhaseTime> times;
        pid_t created = 0;
        options.measured = [&](const std::vector<PhaseTime>& measured) { times = measured; };
        options.created = [&](pid_t pid) { created = pid; };
        const Plan plan = plan_for(basic_spec());
        Result<Child> child = launch(plan, shell("true"), options);
        ASSERT_TRUE(child.ok());
        EXPECT_EQ(created, child.value().pid());
        ASSERT_EQ(times.size(), plan.phases().size() + 1);
        EXPECT_EQ(times[0].name, "namespaces");
        for (size_t i = 1; i < times.size(); i++) {
            EXPECT_EQ(times[i].name, plan.phases()[i - 1].name);
            EXPECT_LE(times[i].begin_ns, times[i].end_ns);
            EXPECT_EQ(times[i].begin_ns, times[i - 1].end_ns);
        }
    });
}

TEST(LaunchPlan, NoProgramIsNoStart) {
    EXPECT_EQ(launch(Plan{}, Program{}).error().text(),
              "program: arguments: there is no program to run");
}

}  // namespace
}  // namespace caisson
