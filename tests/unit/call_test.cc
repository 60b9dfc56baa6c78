// SPDX-License-Identifier: Apache-2.0
//
// A caller's own steps, on both sides, and children that are killed while they wait.
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

#include <atomic>
#include <thread>

#include "unit/sandbox.h"

namespace caisson {
namespace {

using Memory = step::Call::Memory;

class Calls : public Sandbox {};
INSTANTIATE_BOTH(Calls);

constexpr Memory both_memories[] = {Memory::may_be_shared, Memory::needs_a_copy};

Phase child_phase(std::string name, int (*function)(void*), void* argument,
                  Memory memory = Memory::needs_a_copy) {
    step::Call call{name, function, argument, memory};
    return {std::move(name), Side::child, {{std::move(call)}}};
}

Phase parent_phase(std::string name, int (*function)(void*), void* argument) {
    step::Call call{name, function, argument, Memory::may_be_shared};
    return {std::move(name), Side::parent, {{std::move(call)}}};
}

int increment(void* number) {
    ++*static_cast<int*>(number);
    return 0;
}

TEST_P(Calls, MemoryIsSharedOrCopiedAsDeclared) {
    run([] {
        for (const Memory memory : both_memories) {
            int private_number = 0;
            int* shared_number = shared_integers();
            Plan plan = plan_for(basic_spec());
            ASSERT_TRUE(plan.append(child_phase("own", increment, &private_number, memory)).ok());
            ASSERT_TRUE(plan.append(child_phase("own too", increment, shared_number, memory)).ok());
            EXPECT_EQ(output_of(plan, shell("echo ran")), "ran\n");
            EXPECT_EQ(*shared_number, 1);
            EXPECT_EQ(private_number, memory == Memory::may_be_shared ? 1 : 0);
        }
    });
}

TEST_P(Calls, OneThatNeedsACopyCopiesForAll) {
    run([] {
        int number = 0;
        Plan plan = plan_for(basic_spec());
        ASSERT_TRUE(plan.append(child_phase("a", increment, &number, Memory::may_be_shared)).ok());
        ASSERT_TRUE(plan.append(child_phase("b", increment, &number, Memory::needs_a_copy)).ok());
        EXPECT_EQ(output_of(plan, shell("echo ran")), "ran\n");
        EXPECT_EQ(number, 0);
        EXPECT_NE(plan.text().find("b (needs a copied address space)"), std::string::npos);
        EXPECT_EQ(plan.text().find("a (needs"), std::string::npos);
    });
}

// A copied child may use what it likes: memory, locks, C++.
TEST_P(Calls, ACopyMayAllocate) {
    run([] {
        const auto allocate = [](void* result) {
            std::string text;
            for (int i = 0; i < 1000; i++)
                text += std::to_string(i);
            *static_cast<int*>(result) = static_cast<int>(text.size());
            return 0;
        };
        int* result = shared_integers();
        Plan plan = plan_for(basic_spec());
        ASSERT_TRUE(plan.append(child_phase("allocate", allocate, result)).ok());
        EXPECT_EQ(output_of(plan, shell("echo ran")), "ran\n");
        EXPECT_EQ(*result, 2890);
    });
}

TEST_P(Calls, AFailureIsTheStepsOwn) {
    run([] {
        const auto refuse = [](void*) { return -EXDEV; };
        for (const Memory memory : both_memories) {
            Plan plan = plan_for(basic_spec());
            ASSERT_TRUE(
                plan.insert_before("fds", child_phase("mine", refuse, nullptr, memory)).ok());
            EXPECT_EQ(failure_of(plan, shell("echo ran")),
                      "mine: call \"mine\": Invalid cross-device link");
        }
        Plan plan = plan_for(basic_spec());
        ASSERT_TRUE(plan.insert_before("fds", parent_phase("helper", refuse, nullptr)).ok());
        EXPECT_EQ(failure_of(plan, shell("echo ran")),
                  "helper: call \"helper\": Invalid cross-device link");
        EXPECT_EQ(waitpid(-1, nullptr, 0), -1) << "the child that waited is gone";
    });
}

TEST_P(Calls, ToleratedFailuresAreTheOnesSaid) {
    run([] {
        const struct {
            int (*function)(void*);
            Tolerate tolerate;
            bool goes_on;
        } table[] = {
            {[](void*) { return -ENOENT; }, Tolerate::nothing, false},
            {[](void*) { return -ENOENT; }, Tolerate::absence, true},
            {[](void*) { return -ENOTDIR; }, Tolerate::absence, true},
            {[](void*) { return -EACCES; }, Tolerate::absence, false},
            {[](void*) { return -EACCES; }, Tolerate::anything, true},
        };
        for (const auto& row : table) {
            for (const Side side : {Side::child, Side::parent}) {
                Plan plan = plan_for(basic_spec());
                step::Call call{"mine", row.function, nullptr, Memory::may_be_shared};
                ASSERT_TRUE(plan.append({"mine", side, {{call, row.tolerate}}}).ok());
                EXPECT_EQ(output_of(plan, shell("echo ran")) == "ran\n", row.goes_on);
            }
        }
    });
}

// --- order over both sides

// What happened, in memory that all share.
struct Log {
    std::atomic<int> count;
    struct Entry {
        int number;
        pid_t pid;
    } entries[100];
};

template <int number>
int note(void* argument) {
    Log& log = *static_cast<Log*>(argument);
    log.entries[log.count] = {number, getpid()};
    log.count++;
    return 0;
}

TEST_P(Calls, BothSidesTakeTurnsInTheOrderOfTheList) {
    run([] {
        for (const Memory memory : both_memories) {
            Log& log = *reinterpret_cast<Log*>(shared_integers());
            Plan plan = plan_for(basic_spec());
            ASSERT_TRUE(plan.append(parent_phase("0", note<0>, &log)).ok());
            ASSERT_TRUE(plan.append(child_phase("1", note<1>, &log, memory)).ok());
            ASSERT_TRUE(plan.append(parent_phase("2", note<2>, &log)).ok());
            ASSERT_TRUE(plan.append(parent_phase("3", note<3>, &log)).ok());
            ASSERT_TRUE(plan.append(child_phase("4", note<4>, &log, memory)).ok());
            ASSERT_TRUE(plan.append(child_phase("5", note<5>, &log, memory)).ok());
            ASSERT_TRUE(plan.append(parent_phase("6", note<6>, &log)).ok());
            EXPECT_EQ(output_of(plan, shell("echo ran")), "ran\n");
            ASSERT_EQ(log.count, 7);
            for (int i = 0; i < 7; i++) {
                const bool parents = i == 0 || i == 2 || i == 3 || i == 6;
                EXPECT_EQ(log.entries[i].number, i);
                EXPECT_EQ(log.entries[i].pid == getpid(), parents) << i;
            }
        }
    });
}

TEST_P(Calls, AHundredTurns) {
    run([] {
        for (const Memory memory : both_memories) {
            int* number = shared_integers();
            Plan plan = plan_for(basic_spec());
            for (int i = 0; i < 100; i++) {
                const std::string name = std::to_string(i);
                ASSERT_TRUE(plan.append(i % 2 ? child_phase(name, increment, number, memory)
                                              : parent_phase(name, increment, number))
                                .ok());
            }
            LaunchOptions options;
            size_t measured = 0;
            options.measured = [&](const auto& times) { measured = times.size(); };
            const Result<Finished> finished = finish(plan, shell("echo ran"), options);
            ASSERT_TRUE(finished.ok()) << finished.error().text();
            EXPECT_EQ(finished.value().output, "ran\n");
            EXPECT_EQ(*number, 100);
            EXPECT_GT(measured, 0U);
        }
    });
}

// --- killed while they wait

pid_t victim = 0;

int kill_victim(void*) {
    kill(victim, SIGKILL);
    return 0;
}

int kill_self(void*) {
    kill(getpid(), SIGKILL);  // a child that shares memory has a process of its own all the same
    return 0;
}

constexpr const char* ended =
    "start: wait: the child was ended by signal 9 before the program began";

LaunchOptions remember_victim() {
    LaunchOptions options;
    options.created = [](pid_t pid) { victim = pid; };
    return options;
}

// At every place of the plan once, by the parent while the child is parked there.
TEST_P(Calls, AParkedChildThatIsKilledIsReported) {
    run([] {
        const HostPrograms image;
        for (const bool copied : {false, true}) {
            Plan base = plan_for(image.spec(RootWrites::kept));
            int unused = 0;
            if (copied) {
                ASSERT_TRUE(base.append(child_phase("copy", increment, &unused)).ok());
            }
            for (size_t i = 0; i <= base.phases().size(); i++) {
                Plan plan = base;
                const Phase killer = parent_phase("killer", kill_victim, nullptr);
                if (i == base.phases().size())
                    ASSERT_TRUE(plan.append(killer).ok());
                else
                    ASSERT_TRUE(plan.insert_before(base.phases()[i].name, killer).ok());
                const Result<Child> child = launch(plan, shell("echo ran"), remember_victim());
                EXPECT_EQ(child ? "ran" : child.error().text(), ended) << plan.text();
                EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "not reaped";
            }
        }
    });
}

TEST_P(Calls, AChildThatDiesInAStepIsReported) {
    run([] {
        for (const Memory memory : both_memories) {
            const Plan base = plan_for(basic_spec());
            for (const Phase& phase : base.phases()) {
                Plan plan = base;
                ASSERT_TRUE(
                    plan.insert_before(phase.name, child_phase("self", kill_self, nullptr, memory))
                        .ok());
                EXPECT_EQ(failure_of(plan, shell("echo ran")), ended) << phase.name;
            }
        }
    });
}

// An init is a second process on the way to the program.
TEST_P(Calls, AChildWithAnInitThatIsKilledIsReported) {
    run([] {
        Spec spec = basic_spec();
        spec.namespaces.pid = true;
        const Plan base = plan_for(spec);
        ASSERT_TRUE(base.has("init"));
        for (const Phase& phase : base.phases()) {
            Plan plan = base;
            ASSERT_TRUE(
                plan.insert_before(phase.name, parent_phase("killer", kill_victim, nullptr)).ok());
            const Result<Child> child = launch(plan, shell("true"), remember_victim());
            EXPECT_EQ(child ? "ran" : child.error().text(), ended) << phase.name;
        }
    });
}

int exit_with_7(void*) {
    _exit(7);
}

TEST_P(Calls, AChildThatExitsIsNotSaidToHaveHadASignal) {
    run([] {
        for (const Memory memory : both_memories) {
            Plan plan = plan_for(basic_spec());
            ASSERT_TRUE(plan.append(child_phase("exits", exit_with_7, nullptr, memory)).ok());
            EXPECT_EQ(failure_of(plan, shell("echo ran")),
                      "start: wait: the child exited with 7 before the program began");
        }
    });
}

// The parent can't know what the other side is doing: whenever it is killed, there is an answer and
// nobody waits for ever.
TEST_P(Calls, AChildThatIsKilledAtAnyTimeIsReported) {
    run([] {
        for (const bool has_init : {false, true}) {
            Spec spec = basic_spec();
            spec.namespaces.pid = has_init;
            const Plan plan = plan_for(spec);
            for (int i = 0; i < 100; i++) {
                std::atomic<pid_t> target{0};
                std::thread killer([&] {
                    while (target == 0)
                        std::this_thread::yield();
                    for (int n = 0; n < i * 20; n++)
                        sched_yield();
                    kill(target, SIGKILL);
                });
                LaunchOptions options;
                options.created = [&](pid_t pid) { target = pid; };
                Result<Child> child = launch(plan, shell("exec sleep 60"), options);
                killer.join();
                if (child)
                    EXPECT_EQ(child.value().wait().value().signal, SIGKILL);
                else
                    EXPECT_EQ(child.error().text(), ended);
            }
            EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "not reaped";
        }
    });
}

// --- plans that can't be carried out are refused before there is a child

TEST(CallPlans, AStepOnTheWrongSideIsRefused) {
    Plan plan;
    ASSERT_TRUE(plan.append({"mine", Side::parent, {{step::Pivot{}}}}).ok());
    EXPECT_EQ(launch(plan, shell("true")).error().text(),
              "plan: phase \"mine\": has a step that only the child can carry out");
    Plan other;
    ASSERT_TRUE(other.append({"mine", Side::child, {{step::WriteIdMaps{}}}}).ok());
    EXPECT_EQ(launch(other, shell("true")).error().text(),
              "plan: phase \"mine\": has a step that only the parent can carry out");
}

TEST(CallPlans, AnInitThatIsNotInThePhaseOfThatNameStarts) {
    if (geteuid() != 0) GTEST_SKIP() << "needs root, for a pid namespace alone";
    Spec spec;
    spec.namespaces.pid = true;
    Plan plan = plan_for(spec);
    ASSERT_TRUE(plan.replace("init", {"reaper", Side::child, {{step::StartInit{}}}}).ok());
    EXPECT_EQ(output_of(plan, shell("echo $$")), "2\n");
}

TEST(CallPlans, ACallWithoutAFunctionIsRefused) {
    Plan plan;
    ASSERT_TRUE(plan.append(child_phase("mine", nullptr, nullptr)).ok());
    const Result<Child> child = launch(plan, shell("true"));
    ASSERT_FALSE(child.ok());
    EXPECT_EQ(child.error().phase, "plan") << child.error().text();
}

}  // namespace
}  // namespace caisson
