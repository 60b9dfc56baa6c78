// SPDX-License-Identifier: Apache-2.0
//
// Editing a plan by the names of its phases.
#include <gtest/gtest.h>

#include "caisson/plan.h"
#include "unit/fake_host.h"

namespace caisson {
namespace {

Phase phase(const char* name) {
    return {name, Side::child, {{step::NewSession{}}}};
}

Plan of_three() {
    Plan plan;
    for (const char* name : {"one", "two", "three"})
        EXPECT_TRUE(plan.append(phase(name)).ok());
    return plan;
}

std::string names(const Plan& plan) {
    std::string out;
    for (const Phase& one : plan.phases())
        out += (out.empty() ? "" : " ") + one.name;
    return out;
}

struct Row {
    const char* name;
    Result<void> (*edit)(Plan& plan);
    const char* after;  // the phases' names, whether the edit succeeded or not
    const char* error;
};

constexpr const char* there_are = " (there are: one, two, three)";

void check(const Row& row) {
    SCOPED_TRACE(row.name);
    Plan plan = of_three();
    const Result<void> result = row.edit(plan);
    EXPECT_EQ(names(plan), row.after);
    EXPECT_EQ(result ? "" : result.error().text(), row.error);
}

TEST(PlanEdit, EachVerbPutsThePhaseInItsPlace) {
    const Row table[] = {
        {"before", [](Plan& p) { return p.insert_before("two", phase("x")); }, "one x two three",
         ""},
        {"before the first", [](Plan& p) { return p.insert_before("one", phase("x")); },
         "x one two three", ""},
        {"after", [](Plan& p) { return p.insert_after("two", phase("x")); }, "one two x three", ""},
        {"after the last", [](Plan& p) { return p.insert_after("three", phase("x")); },
         "one two three x", ""},
        {"prepend", [](Plan& p) { return p.prepend(phase("x")); }, "x one two three", ""},
        {"append", [](Plan& p) { return p.append(phase("x")); }, "one two three x", ""},
        {"replace", [](Plan& p) { return p.replace("two", phase("x")); }, "one x three", ""},
        {"replace, same name", [](Plan& p) { return p.replace("two", phase("two")); },
         "one two three", ""},
        {"remove", [](Plan& p) { return p.remove("two"); }, "one three", ""},
    };
    for (const Row& row : table)
        check(row);
}

TEST(PlanEdit, ANameThatIsNotThereIsAnErrorThatListsThoseThatAre) {
    const std::string missing =
        std::string("plan: phase \"to\": there is no phase of that name") + there_are;
    const Row table[] = {
        {"before", [](Plan& p) { return p.insert_before("to", phase("x")); }, "one two three",
         missing.c_str()},
        {"after", [](Plan& p) { return p.insert_after("to", phase("x")); }, "one two three",
         missing.c_str()},
        {"replace", [](Plan& p) { return p.replace("to", phase("x")); }, "one two three",
         missing.c_str()},
        {"remove", [](Plan& p) { return p.remove("to"); }, "one two three", missing.c_str()},
    };
    for (const Row& row : table)
        check(row);
}

TEST(PlanEdit, ExecIsNoPhase) {
    Plan plan = of_three();
    EXPECT_FALSE(plan.insert_after("exec", phase("x")).ok());
    EXPECT_FALSE(plan.has("exec"));
}

TEST(PlanEdit, NamesAreUnique) {
    const char* twice = "plan: phase \"three\": there is a phase of that name already";
    const Row table[] = {
        {"before", [](Plan& p) { return p.insert_before("two", phase("three")); }, "one two three",
         twice},
        {"after", [](Plan& p) { return p.insert_after("two", phase("three")); }, "one two three",
         twice},
        {"prepend", [](Plan& p) { return p.prepend(phase("three")); }, "one two three", twice},
        {"append", [](Plan& p) { return p.append(phase("three")); }, "one two three", twice},
        {"replace", [](Plan& p) { return p.replace("two", phase("three")); }, "one two three",
         twice},
    };
    for (const Row& row : table)
        check(row);
}

TEST(PlanEdit, ALineOfTextIsOneStepWhateverItsPathsAre) {
    Plan plan;
    ASSERT_TRUE(
        plan.append(
                {"mounts", Side::child, {{step::AttachBind{{"/a\nno new privileges", "/b\nc"}}}}})
            .ok());
    const std::string text = plan.text();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3) << text;
}

TEST(PlanEdit, AnEditShowsInTheText) {
    Spec spec;
    spec.namespaces.user = true;
    Plan plan = compile(spec, FakeHost()).value();
    const std::string before = plan.text();
    ASSERT_TRUE(
        plan.insert_after("id-maps", {"mine", Side::parent, {{step::WriteFile{"/p", "1"}}}}).ok());
    ASSERT_TRUE(
        plan.append({"last", Side::child, {{step::NewSession{}, Tolerate::anything}}}).ok());
    std::string expected = before;
    expected.insert(expected.find("stdio\n"), "mine (parent)\n    write /p \"1\"\n");
    expected += "last\n    try new session\n";
    EXPECT_EQ(plan.text(), expected);
}

}  // namespace
}  // namespace caisson
