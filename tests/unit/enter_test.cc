// SPDX-License-Identifier: Apache-2.0
//
// enter(): what each of the two processes finds, and what the one outside does for the other.
#include "caisson/enter.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <thread>

#include "sys/call.h"
#include "unit/sandbox.h"
#include "unit/temporary_directory.h"

namespace caisson {
namespace {

class Enter : public Sandbox {};
INSTANTIATE_BOTH(Enter);

using Body = std::function<int(Inside&, FILE*)>;

// A process that has called enter().
struct Running {
    pid_t pid = -1;
    Fd output;
};

Running start(Spec spec, const Body& body, const std::function<void(Plan&)>& before = nullptr) {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    spec.keep_descriptors.push_back(ends[1]);
    Plan plan = plan_for(spec);
    const pid_t pid = fork();
    if (pid == 0) {
        FILE* out = fdopen(ends[1], "w");
        if (before) before(plan);
        Result<Entered> entered = enter(plan);
        if (!entered) {
            fprintf(out, "%s", entered.error().text().c_str());
            fflush(out);
            _exit(99);
        }
        if (auto* supervisor = std::get_if<Supervisor>(&entered.value())) {
            close(ends[1]);
            end_like(supervisor->supervise());
        }
        const int status = body(std::get<Inside>(entered.value()), out);
        fflush(out);
        _exit(status);
    }
    close(ends[1]);
    return {pid, Fd(ends[0])};
}

struct Entry {
    std::string output;  // what Inside printed; or the Error, where enter() failed
    int status = 0;      // wait(2)'s, of the process that called enter()
};

Entry finish(const Running& running) {
    Entry entry;
    entry.output = read_all(running.output.get());
    waitpid(running.pid, &entry.status, 0);
    return entry;
}

Entry enter_with(Spec spec, const Body& body, const std::function<void(Plan&)>& before = nullptr) {
    return finish(start(std::move(spec), body, before));
}

std::string output_of(Spec spec, const Body& body) {
    return enter_with(std::move(spec), body).output;
}

// What a file server wants, and its directory.
struct Ground {
    TemporaryDirectory directory;
    Spec spec = spec_for_entering(directory.path(), EnterMode::namespaces, *this_host());
};

std::string capabilities_now() {
    const __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[2] = {};
    EXPECT_GE(sys::capget(header, data), 0);
    return CapabilitySet(data[0].permitted | uint64_t{data[1].permitted} << 32).text();
}

// A mount namespace to mount in; an ordinary user is root there.
bool own_mounts() {
    const std::string uid = "0 " + std::to_string(geteuid()) + " 1";
    const std::string gid = "0 " + std::to_string(getegid()) + " 1";
    const bool user = geteuid() != 0;
    if (unshare(CLONE_NEWNS | (user ? CLONE_NEWUSER : 0)) != 0) return false;
    if (!user) return true;
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << uid;
    std::ofstream("/proc/self/gid_map") << gid;
    return geteuid() == 0;
}

// --- what is inside

TEST_P(Enter, TheDirectoryIsTheRootAndNothingIsAboveIt) {
    run([] {
        Ground ground;
        ground.directory.file("here", "of the directory");
        const std::string output = output_of(ground.spec, [](Inside&, FILE* out) {
            char where[64];
            std::ifstream in("/../../here");
            std::string word;
            std::getline(in, word);
            fprintf(out, "%s in %s; /proc %d", word.c_str(), getcwd(where, sizeof where),
                    access("/proc", F_OK));
            return 0;
        });
        EXPECT_EQ(output, "of the directory in /; /proc -1");
    });
}

// The oldest version wrote no id map at all.
TEST_P(Enter, FilesBelongToWhomTheyBelongedTo) {
    run([] {
        Ground ground;
        ground.directory.file("mine");
        const std::string output = output_of(ground.spec, [](Inside&, FILE* out) {
            struct stat found {};
            stat("/mine", &found);
            fprintf(out, "%u %u", found.st_uid == getuid(), found.st_gid == getgid());
            std::ofstream("/written") << "x";
            return 0;
        });
        EXPECT_EQ(output, "1 1");
        struct stat found {};
        ASSERT_EQ(stat((ground.directory.path() + "/written").c_str(), &found), 0);
        EXPECT_EQ(found.st_uid, geteuid());
    });
}

// The oldest version moved the caller itself into the new namespaces.
TEST_P(Enter, TheSupervisorStaysOutsideOfEveryNamespace) {
    run([] {
        const auto names = [] {
            std::string all;
            for (const char* name : {"user", "mnt", "pid", "pid_for_children", "net", "ipc"}) {
                all += std::filesystem::read_symlink(std::string("/proc/self/ns/") + name).string();
            }
            return all;
        };
        const std::string before = names();
        Ground ground;
        Result<Entered> entered = enter(plan_for(ground.spec));
        ASSERT_TRUE(entered.ok()) << entered.error().text();
        if (std::get_if<Inside>(&entered.value())) _exit(7);
        EXPECT_EQ(names(), before);
        const Result<Ending> ending = std::get<Supervisor>(entered.value()).supervise();
        ASSERT_TRUE(ending.ok());
        EXPECT_EQ(ending.value().status(), 7);
    });
}

TEST_P(Enter, TheSupervisorHasNoCapabilityButKillAndIsNotToBeAttachedTo) {
    run([] {
        Ground ground;
        Result<Entered> entered = enter(plan_for(ground.spec));
        ASSERT_TRUE(entered.ok()) << entered.error().text();
        if (std::get_if<Inside>(&entered.value())) _exit(0);
        EXPECT_EQ(capabilities_now(), GetParam() == Who::root ? "kill" : "none");
        EXPECT_EQ(prctl(PR_GET_DUMPABLE), 0);
    });
}

TEST_P(Enter, GoesOnAsACxxProgramWithThreadsAndIdsOfItsOwn) {
    run([] {
        Ground ground;
        const std::string output = output_of(ground.spec, [](Inside&, FILE* out) {
            std::string said;
            std::thread([&] { said = "a thread"; }).join();
            // libc's idea of the thread is the kernel's: a recursive lock looks at it.
            fprintf(out, "%s; process %d, thread %d", said.c_str(), getpid(), gettid());
            return raise(0);
        });
        EXPECT_EQ(output, "a thread; process 2, thread 2");
    });
}

TEST_P(Enter, KeepsTheNamedCapabilitiesAndTakesNoNewPrivileges) {
    run([] {
        Ground ground;
        ground.spec.capabilities = *CapabilitySet::named("chown");
        const std::string output = output_of(ground.spec, [](Inside&, FILE* out) {
            fprintf(out, "%s %d", capabilities_now().c_str(),
                    prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
            return 0;
        });
        EXPECT_EQ(output, "chown 1");
    });
}

TEST_P(Enter, SetsLimitsGroupsAndSignals) {
    run([] {
        Ground ground;
        ground.spec.limits = {{RLIMIT_NOFILE, 77, 78}};
        if (GetParam() == Who::root) ground.spec.groups = {{4, 5}};
        const std::string output = output_of(ground.spec, [](Inside&, FILE* out) {
            rlimit limit{};
            getrlimit(RLIMIT_NOFILE, &limit);
            sigset_t mask;
            sigprocmask(SIG_BLOCK, nullptr, &mask);
            fprintf(out, "%lu %lu %d", limit.rlim_cur, limit.rlim_max, sigismember(&mask, SIGTERM));
            gid_t groups[8];
            if (getuid() == 0) fprintf(out, " %d", getgroups(8, groups));
            return 0;
        });
        EXPECT_EQ(output, GetParam() == Who::root ? "77 78 0 2" : "77 78 0");
    });
}

TEST_P(Enter, AttributesHoldForTheMountsBelow) {
    run([] {
        ASSERT_TRUE(own_mounts());
        ASSERT_EQ(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
        Ground ground;
        const std::string below = ground.directory.directory("below");
        ASSERT_EQ(mount("tmpfs", below.c_str(), "tmpfs", 0, nullptr), 0);
        for (const RootWrites writes : {RootWrites::kept, RootWrites::refused}) {
            ground.spec.root->writes = writes;
            const std::string output = output_of(ground.spec, [](Inside&, FILE* out) {
                for (const char* place : {"/", "/below"}) {
                    struct statvfs found {};
                    statvfs(place, &found);
                    const unsigned long flags = found.f_flag;
                    fprintf(out, "%s%s%s ", flags & ST_NOSUID ? "nosuid" : "",
                            flags & ST_NODEV ? " nodev" : "", flags & ST_RDONLY ? " ro" : "");
                }
                return 0;
            });
            EXPECT_EQ(output, writes == RootWrites::kept ? "nosuid nodev nosuid nodev "
                                                         : "nosuid nodev ro nosuid nodev ro ");
        }
        umount(below.c_str());
    });
}

// --- the two descriptors

TEST_P(Enter, OpensADescriptorAnewThroughProcSelfFd) {
    run([] {
        Ground ground;
        ground.directory.file("file", "content");
        const std::string output = output_of(ground.spec, [](Inside& inside, FILE* out) {
            const Fd fds = inside.take_proc_self_fd();
            const Fd path(open("/file", O_PATH | O_CLOEXEC));
            const Fd again(openat(fds.get(), std::to_string(path.get()).c_str(), O_RDWR));
            char text[16] = {};
            if (read(again.get(), text, sizeof text - 1) < 0) return 1;
            fprintf(out, "%s, cloexec %d", text, fcntl(fds.get(), F_GETFD) & FD_CLOEXEC);
            return 0;
        });
        EXPECT_EQ(output, "content, cloexec 1");
    });
}

TEST_P(Enter, NothingIsAboveProcSelfFd) {
    run([] {
        Ground ground;
        const std::string output = output_of(ground.spec, [](Inside& inside, FILE* out) {
            const Fd fds = inside.take_proc_self_fd();
            struct stat here {
            }, above{};
            fstatat(fds.get(), ".", &here, 0);
            fstatat(fds.get(), "..", &above, 0);
            fprintf(out, "%d", here.st_ino == above.st_ino && here.st_dev == above.st_dev);
            for (const char* way : {"../status", "../../self", "../../sysrq-trigger",
                                    "../../../etc", "../root", "../task"}) {
                fprintf(out, " %s",
                        strerrorname_np(faccessat(fds.get(), way, F_OK, 0) ? errno : 0));
            }
            return 0;
        });
        EXPECT_EQ(output, "1 ENOENT ENOENT ENOENT ENOENT ENOENT ENOENT");
    });
}

TEST_P(Enter, MountinfoShowsTheRootThatIsThereNow) {
    run([] {
        Ground ground;
        const std::string output = output_of(ground.spec, [](Inside& inside, FILE* out) {
            const Fd mounts = inside.take_mountinfo();
            const std::string text = read_all(mounts.get());
            fprintf(out, "%zu lines, %d", std::count(text.begin(), text.end(), '\n'),
                    text.contains(" / rw,nosuid,nodev"));
            return 0;
        });
        EXPECT_EQ(output, "1 lines, 1");
    });
}

TEST_P(Enter, EachIsTakenOnce) {
    run([] {
        Ground ground;
        const std::string output = output_of(ground.spec, [](Inside& inside, FILE* out) {
            const Fd first = inside.take_proc_self_fd();
            const Fd second = inside.take_mountinfo();
            fprintf(out, "%d%d %d%d", bool(first), bool(second), bool(inside.take_proc_self_fd()),
                    bool(inside.take_mountinfo()));
            return 0;
        });
        EXPECT_EQ(output, "11 00");
    });
}

TEST_P(Enter, NoOtherDescriptorIsOpen) {
    run([] {
        Ground ground;
        const int leaked = open("/", O_RDONLY | O_DIRECTORY);
        ASSERT_GE(leaked, 0);
        const std::string output = output_of(ground.spec, [=](Inside& inside, FILE* out) {
            const Fd fds = inside.take_proc_self_fd();
            const Fd mounts = inside.take_mountinfo();
            int open_ones = 0;
            for (int fd = 3; fd < 200; fd++)
                open_ones += fcntl(fd, F_GETFD) >= 0;
            fprintf(out, "%d beside the pipe; %d", open_ones - 1, fcntl(leaked, F_GETFD));
            return 0;
        });
        EXPECT_EQ(output, "2 beside the pipe; -1");
    });
}

// --- seccomp

TEST_P(Enter, AFilterIsInForceInside) {
    run([] {
        const struct {
            CallRefusal refusal;
            int signal;
        } table[] = {
            {CallRefusal::kill, SIGSYS}, {CallRefusal::log, 0}, {CallRefusal::trap, SIGSYS}};
        for (const auto& [refusal, signal] : table) {
            Ground ground;
            ground.spec.seccomp = allow_list(file_server_calls(), refusal).value();
            const Entry entry = enter_with(ground.spec, [](Inside&, FILE* out) {
                std::thread([&] { fprintf(out, "works"); }).join();
                fflush(out);
                syscall(SYS_socket, 1, 1, 0);
                return 3;
            });
            EXPECT_EQ(entry.output, "works");
            EXPECT_EQ(WIFSIGNALED(entry.status) ? WTERMSIG(entry.status) : 0, signal);
            EXPECT_TRUE(signal != 0 || WEXITSTATUS(entry.status) == 3);
        }
    });
}

TEST_P(Enter, TheEmptyListIsEnoughForEnterItself) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "the sanitizer's run-time makes calls of its own";
#endif
    run([] {
        Ground ground;
        ground.spec.seccomp = allow_list({}, CallRefusal::kill).value();
        const Entry entry = enter_with(ground.spec, [](Inside&, FILE*) { return 5; });
        EXPECT_TRUE(WIFEXITED(entry.status)) << entry.output;
        EXPECT_EQ(WEXITSTATUS(entry.status), 5);
    });
}

// --- the other modes

TEST_P(Enter, ChrootShowsTheDirectoryAndCannotBeLeft) {
    run([] {
        Ground ground;
        ground.directory.file("here");
        ground.directory.directory("deeper");
        ground.spec = spec_for_entering(ground.directory.path(), EnterMode::chroot, *this_host());
        if (GetParam() == Who::user) {
            const Entry entry = enter_with(ground.spec, [](Inside&, FILE*) { return 0; });
            EXPECT_EQ(entry.output, "root: chroot \"" + ground.directory.path() +
                                        "\": Operation not permitted (chroot takes root; a mount "
                                        "and a user namespace take nobody special)");
            return;
        }
        const std::string output = output_of(ground.spec, [](Inside& inside, FILE* out) {
            fprintf(out, "%d %d %d", access("/here", F_OK), access("../../../../etc", F_OK),
                    chroot("/deeper"));
            const Fd fds = inside.take_proc_self_fd();
            fprintf(out, " %d", faccessat(fds.get(), "../status", F_OK, 0));
            return 0;
        });
        EXPECT_EQ(output, "0 -1 -1 -1");
    });
}

TEST_P(Enter, NoneChangesNoRootAndStillDropsCapabilities) {
    run([] {
        Spec spec = spec_for_entering("/", EnterMode::none, *this_host());
        spec.capabilities = CapabilitySet::none();
        const std::string output = output_of(spec, [](Inside& inside, FILE* out) {
            const std::string mounts = read_all(inside.take_mountinfo().get());
            fprintf(out, "%d %s %d", access("/proc/self/status", F_OK), capabilities_now().c_str(),
                    mounts.contains(" /proc "));
            return 0;
        });
        EXPECT_EQ(output, "0 none 1");
    });
}

// --- what the supervisor does

TEST_P(Enter, TheSupervisorEndsAsInsideDoes) {
    run([] {
        const Ground ground;
        EXPECT_EQ(WEXITSTATUS(enter_with(ground.spec, [](Inside&, FILE*) { return 0; }).status), 0);
        EXPECT_EQ(WEXITSTATUS(enter_with(ground.spec, [](Inside&, FILE*) { return 200; }).status),
                  200);
        for (const int signal : {SIGKILL, SIGTERM, SIGABRT, SIGUSR1, SIGRTMIN + 3}) {
            const Entry entry = enter_with(ground.spec, [=](Inside&, FILE*) {
                kill(getpid(), signal);
                return 1;
            });
            EXPECT_TRUE(WIFSIGNALED(entry.status));
            EXPECT_EQ(WTERMSIG(entry.status), signal);
            EXPECT_FALSE(WCOREDUMP(entry.status));
        }
    });
}

std::string next_word(const Running& running) {
    char text[64];
    const ssize_t size = read(running.output.get(), text, sizeof text);
    return {text, size > 0 ? static_cast<size_t>(size) : 0};
}

// Says when it is ready, and by which signal it was woken.
int wait_for_signals(Inside&, FILE* out) {
    sigset_t set;
    sigfillset(&set);
    sigprocmask(SIG_BLOCK, &set, nullptr);
    fprintf(out, "ready");
    fflush(out);
    int signal = 0;
    sigwait(&set, &signal);
    fprintf(out, "%s", sigabbrev_np(signal));
    return 4;
}

TEST_P(Enter, TheSupervisorPassesSignalsOn) {
    run([] {
        for (const EnterMode mode : {EnterMode::namespaces, EnterMode::none}) {
            for (const int signal : {SIGTERM, SIGHUP, SIGINT, SIGUSR2, SIGPIPE}) {
                Ground ground;
                const Running running =
                    start(spec_for_entering(ground.directory.path(), mode, *this_host()),
                          wait_for_signals);
                EXPECT_EQ(next_word(running), "ready");
                kill(running.pid, signal);
                const Entry entry = finish(running);
                EXPECT_EQ(entry.output, sigabbrev_np(signal));
                EXPECT_EQ(WEXITSTATUS(entry.status), 4);
            }
        }
    });
}

TEST_P(Enter, InsideDiesWithTheSupervisor) {
    run([] {
        for (const EnterMode mode : {EnterMode::namespaces, EnterMode::none}) {
            Ground ground;
            const Running running = start(
                spec_for_entering(ground.directory.path(), mode, *this_host()), wait_for_signals);
            EXPECT_EQ(next_word(running), "ready");
            kill(running.pid, SIGKILL);
            EXPECT_EQ(finish(running).output, "") << "the pipe's last writer is gone";
        }
    });
}

// Before the death signal is armed: it would never come.
TEST_P(Enter, InsideDiesWithASupervisorThatIsGoneAlready) {
    run([] {
        Ground ground;
        Spec spec = spec_for_entering(ground.directory.path(), EnterMode::none, *this_host());
        const auto kill_parent_first = [](Plan& plan) {
            const auto kill_parent = [](void*) { return kill(getppid(), SIGKILL); };
            EXPECT_TRUE(
                plan.prepend({"too-early", Side::child, {{step::Call{"kill", kill_parent}}}}).ok());
        };
        const Entry entry = enter_with(
            spec, [](Inside&, FILE* out) { return fprintf(out, "still here"); }, kill_parent_first);
        EXPECT_EQ(entry.output, "");
        EXPECT_EQ(WTERMSIG(entry.status), SIGKILL);
    });
}

// --- refused, and then as before

struct Traces {
    int descriptors = 0;
    bool has_child = false;
    int dumpable = 0;
    std::string capabilities;
    std::string mounts;
    bool operator==(const Traces&) const = default;
};

Traces traces() {
    Traces now;
    for (int fd = 0; fd < 200; fd++)
        now.descriptors += fcntl(fd, F_GETFD) >= 0;
    now.has_child = waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD;
    now.dumpable = prctl(PR_GET_DUMPABLE);
    now.capabilities = capabilities_now();
    const Fd mounts(open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC));
    now.mounts = read_all(mounts.get());
    return now;
}

std::string refusal_of(const Plan& plan) {
    const Traces before = traces();
    Result<Entered> entered = enter(plan);
    if (entered) return "entered";
    EXPECT_TRUE(traces() == before) << entered.error().text();
    return entered.error().text();
}

TEST_P(Enter, RefusesAProcessWithThreads) {
    run([] {
        const Plan plan = plan_for(Ground().spec);
        std::atomic<bool> end{false};
        std::thread other([&] {
            while (!end)
                usleep(1000);
        });
        EXPECT_EQ(refusal_of(plan),
                  "enter: threads: 2 are there, and a fork has only one (enter before the first "
                  "thread starts)");
        end = true;
        other.join();
    });
}

TEST_P(Enter, RefusesWhereSigchldIsIgnored) {
    run([] {
        const Plan plan = plan_for(Ground().spec);
        signal(SIGCHLD, SIG_IGN);
        EXPECT_EQ(
            refusal_of(plan),
            "enter: SIGCHLD: is ignored, so that nobody can tell how the sandbox ends (set it "
            "to SIG_DFL before)");
    });
}

TEST_P(Enter, RefusesASecondTimeOnBothSides) {
    run([] {
        Ground ground;
        const Plan plan = plan_for(ground.spec);
        const std::string again = "enter: again: this process has entered already, and can't twice";
        Result<Entered> entered = enter(plan);
        ASSERT_TRUE(entered.ok()) << entered.error().text();
        if (std::get_if<Inside>(&entered.value())) {
            const Result<Entered> second = enter(plan);
            _exit(!second && second.error().text() == again ? 0 : 1);
        }
        EXPECT_EQ(enter(plan).error().text(), again);
        EXPECT_EQ(std::get<Supervisor>(entered.value()).supervise().value().status(), 0);
    });
}

TEST_P(Enter, RefusesWhatIsMissingAndNamesIt) {
    run([] {
        Ground ground;
        ground.spec.root->directory = "/nonesuch";
        EXPECT_EQ(refusal_of(plan_for(ground.spec)),
                  "root: open_tree \"/nonesuch\": No such file or directory (the image directory "
                  "has to exist)");
        ground.spec.root->directory = ground.directory.file("a-file");
        EXPECT_TRUE(
            refusal_of(plan_for(ground.spec)).ends_with("(the root has to be a directory)"));
        ground.spec.root->directory = ground.directory.path();
        ground.spec.keep_descriptors = {150};
        EXPECT_EQ(refusal_of(plan_for(ground.spec)),
                  "fds: fcntl \"150\": Bad file descriptor (--keep-fd needs a descriptor that is "
                  "open)");
        ground.spec.keep_descriptors.clear();
        ground.spec.limits = {{RLIMIT_NOFILE, 1UL << 40, 1UL << 40}};
        EXPECT_TRUE(refusal_of(plan_for(ground.spec)).starts_with("limits: prlimit \"limit 7\""));
    });
}

TEST_P(Enter, RefusesAPlanThatIsForAProgramAndTheOtherWayRound) {
    run([] {
        EXPECT_EQ(refusal_of(plan_for(basic_spec())),
                  "plan: subject: this plan is for launch() and become() (Spec::subject says whose "
                  "plan it is)");
        const Plan plan = plan_for(Ground().spec);
        const std::string for_enter =
            "plan: subject: this plan is for enter() (Spec::subject says whose plan it is)";
        EXPECT_EQ(launch(plan, shell("exit")).error().text(), for_enter);
    });
}

TEST_P(Enter, TellsTheTimeOfEachPhase) {
    run([] {
        Ground ground;
        const Plan plan = plan_for(ground.spec);
        std::vector<PhaseTime> times;
        EnterOptions options;
        options.measured = [&](const std::vector<PhaseTime>& measured) { times = measured; };
        Result<Entered> entered = enter(plan, options);
        ASSERT_TRUE(entered.ok()) << entered.error().text();
        if (std::get_if<Inside>(&entered.value())) _exit(0);
        ASSERT_EQ(times.size(), plan.phases().size() + 1);
        for (const PhaseTime& one : times)
            EXPECT_LE(one.begin_ns, one.end_ns) << one.name;
    });
}

}  // namespace
}  // namespace caisson
