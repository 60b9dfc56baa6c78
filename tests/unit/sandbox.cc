// SPDX-License-Identifier: Apache-2.0
#include "unit/sandbox.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

namespace caisson {
namespace {

struct Ids {
    uid_t uid;
    gid_t gid;
};

// tools/test makes a user for this; elsewhere it is nobody.
Ids ordinary_user() {
    const char* name = getenv("CAISSON_TEST_USER");
    const passwd* entry = name && *name ? getpwnam(name) : nullptr;
    return entry ? Ids{entry->pw_uid, entry->pw_gid} : Ids{65534, 65534};
}

void become_ordinary_user() {
    if (geteuid() != 0) return;
    const Ids ids = ordinary_user();
    if (setgroups(0, nullptr) != 0 || setresgid(ids.gid, ids.gid, ids.gid) != 0 ||
        setresuid(ids.uid, ids.uid, ids.uid) != 0) {
        _exit(99);
    }
    // A change of ids leaves /proc/self to root, and the id maps could not be written.
    prctl(PR_SET_DUMPABLE, 1);
}

int in_a_process(const std::function<int()>& body) {
    fflush(nullptr);
    const pid_t pid = fork();
    if (pid == 0) {
        const int status = body();
        fflush(nullptr);
        _exit(status);
    }
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// 0, or why an ordinary user can't make a user and mount namespace here.
int user_namespace_error() {
    static const int error = in_a_process([] {
        become_ordinary_user();
        return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 ? 0 : errno;
    });
    return error;
}

}  // namespace

void Sandbox::SetUp() {
    if (GetParam() == Who::root) {
        if (geteuid() != 0) GTEST_SKIP() << "needs root";
        if (in_a_process([] { return unshare(CLONE_NEWNS) == 0 ? 0 : errno; }) != 0) {
            GTEST_SKIP() << "this root may not make a mount namespace";
        }
    } else if (const int error = user_namespace_error()) {
        GTEST_SKIP() << "an ordinary user can't make a user namespace: " << strerror(error);
    }
}

void Sandbox::run(const std::function<void()>& body) const {
    const int status = in_a_process([&] {
        if (GetParam() == Who::user) become_ordinary_user();
        body();
        return HasFailure() ? 1 : 0;
    });
    EXPECT_EQ(status, 0) << "in the process of the test's body; what failed stands above";
}

Spec basic_spec() {
    Spec spec;
    spec.namespaces.user = geteuid() != 0;
    spec.namespaces.mount = true;
    return spec;
}

Plan plan_for(const Spec& spec) {
    Result<Plan> plan = compile(spec, *this_host());
    EXPECT_TRUE(plan.ok()) << (plan ? "" : plan.error().text());
    return plan ? std::move(plan).value() : Plan{};
}

Program shell(const std::string& script) {
    return program_from({"/bin/sh", "-c", script}, {"PATH=/usr/bin:/bin"}, {});
}

Result<Finished> finish(Plan plan, const Program& program, const LaunchOptions& options) {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    const Fd read_end(ends[0]);
    Fd write_end(ends[1]);
    EXPECT_TRUE(plan.prepend({"streams",
                              Side::child,
                              {{step::Redirect{{write_end.get(), 1}}},
                               {step::Redirect{{write_end.get(), 2}}}}})
                    .ok());
    Result<Child> child = launch(plan, program, options);
    write_end.reset();
    if (!child) return child.error();
    Finished finished;
    finished.output = read_all(read_end.get());
    const Result<Ending> ending = child.value().wait();
    if (!ending) return ending.error();
    finished.ending = ending.value();
    return finished;
}

std::string output_of(const Plan& plan, const Program& program) {
    const Result<Finished> finished = finish(plan, program);
    return finished ? finished.value().output : finished.error().text();
}

std::string output_of(const Spec& spec, const std::string& script) {
    return output_of(plan_for(spec), shell(script));
}

std::string failure_of(const Plan& plan, const Program& program) {
    const Result<Finished> finished = finish(plan, program);
    if (!finished) return finished.error().text();
    return "ended with " + std::to_string(finished.value().ending.status()) + ": " +
           finished.value().output;
}

// Where /bin and its like are links into /usr, the image has the same links.
HostPrograms::HostPrograms() {
    for (const char* name : {"usr", "bin", "sbin", "lib", "lib64"}) {
        const std::filesystem::path host = std::string("/") + name;
        if (std::filesystem::is_symlink(host)) {
            directory_.link(name, std::filesystem::read_symlink(host));
        } else if (std::filesystem::is_directory(host)) {
            directory_.directory(name);
            mounts_.push_back(Bind{host, host, {.read_only = true}});
        }
    }
}

Spec HostPrograms::spec(RootWrites writes) const {
    Spec spec = basic_spec();
    spec.root = Root{path(), writes, {}};
    spec.mounts = mounts_;
    return spec;
}

std::string read_all(int fd) {
    std::string text;
    char buffer[4096];
    ssize_t got;
    while ((got = read(fd, buffer, sizeof buffer)) > 0 || (got < 0 && errno == EINTR)) {
        if (got > 0) text.append(buffer, static_cast<size_t>(got));
    }
    return text;
}

int* shared_integers() {
    void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    EXPECT_NE(page, MAP_FAILED);
    return static_cast<int*>(page);
}

}  // namespace caisson
