// SPDX-License-Identifier: Apache-2.0
#include "policy/bpf.h"

#include "unit/bpf_evaluator.h"

namespace caisson {
namespace {

uint32_t action(const bpf::Block& block, uint32_t number) {
    return evaluate(bpf::load(bpf::number_offset, block), {.number = number}).action;
}

TEST(Bpf, AConditionAnswersBothWays) {
    const bpf::Block equal = bpf::when_equal(7, bpf::answer(1), bpf::answer(2));
    EXPECT_EQ(action(equal, 7), 1U);
    EXPECT_EQ(action(equal, 8), 2U);
    const bpf::Block at_least = bpf::when(BPF_JGE, 7, bpf::answer(1), bpf::answer(2));
    EXPECT_EQ(action(at_least, 6), 2U);
    EXPECT_EQ(action(at_least, 7), 1U);
    const bpf::Block any_bit = bpf::when(BPF_JSET, 6, bpf::answer(1), bpf::answer(2));
    EXPECT_EQ(action(any_bit, 4), 1U);
    EXPECT_EQ(action(any_bit, 9), 2U);
    EXPECT_EQ(action(bpf::bits(0xf0, bpf::when_equal(0x70, bpf::answer(1), bpf::answer(2))), 0x7f),
              1U);
}

// The machine's jumps have 8 bits.
TEST(Bpf, ABlockMayBeFartherAwayThanAJumpReaches) {
    for (const size_t size : {1U, 254U, 255U, 256U, 257U, 4000U}) {
        bpf::Block far = bpf::answer(1);
        while (far.size() < size)
            far = bpf::bits(UINT32_MAX, far);
        const bpf::Block block = bpf::when_equal(7, far, bpf::answer(2));
        EXPECT_EQ(action(block, 7), 1U) << size;
        EXPECT_EQ(action(block, 8), 2U) << size;
        EXPECT_EQ(block.size(), size + (size > 255 ? 3 : 2));
    }
}

TEST(Bpf, ArgumentsAreReadByTheirLowerWord) {
    for (const bpf::Endian endian : {bpf::Endian::little, bpf::Endian::big}) {
        for (uint32_t index = 0; index < 6; index++) {
            SystemCall call = {.endian = endian};
            call.arguments[index] = 0x500000007;
            const bpf::Block block = bpf::load(bpf::argument_offset(index, endian),
                                               bpf::when_equal(7, bpf::answer(1), bpf::answer(2)));
            EXPECT_EQ(evaluate(block, call).action, 1U) << index;
        }
    }
}

TEST(Bpf, ChooseAnswersEachNumberAndItsNeighbours) {
    const std::vector<std::vector<uint32_t>> sets = {{},
                                                     {0},
                                                     {1},
                                                     {0, 1, 2},
                                                     {5, 6, 9},
                                                     {3},
                                                     {UINT32_MAX},
                                                     {0, 2, 4, 6, 8, 10, 12, 14},
                                                     {UINT32_MAX - 1, UINT32_MAX}};
    for (const auto& set : sets) {
        std::vector<bpf::Chosen> chosen;
        for (const uint32_t value : set)
            chosen.push_back({value, bpf::answer(value % 3 + 1)});
        const bpf::Block block = bpf::choose(chosen, bpf::answer(9));
        std::vector<uint32_t> asked = {0, 1, UINT32_MAX - 2, UINT32_MAX - 1, UINT32_MAX};
        for (uint32_t number = 0; number < 20; number++)
            asked.push_back(number);
        for (const uint32_t number : asked) {
            const bool is_in = std::find(set.begin(), set.end(), number) != set.end();
            EXPECT_EQ(action(block, number), is_in ? number % 3 + 1 : 9U) << number;
        }
    }
}

// Five hundred calls, as an allow-list has them: found in as many steps as a halving takes.
TEST(Bpf, ChooseSearchesByHalves) {
    std::vector<bpf::Chosen> chosen;
    for (uint32_t value = 0; value < 1000; value += 2)
        chosen.push_back({value, bpf::answer(1)});
    const bpf::Block block = bpf::choose(chosen, bpf::answer(2));
    ASSERT_LE(block.size(), size_t{BPF_MAXINSNS});
    for (uint32_t number = 0; number < 1001; number++) {
        const Evaluation found = evaluate(bpf::load(bpf::number_offset, block), {number});
        EXPECT_EQ(found.action, number % 2 == 0 && number < 1000 ? 1U : 2U) << number;
        EXPECT_LE(found.steps, 2 + 10 + 4);  // load, answer, log2(1000), and the far jumps
    }
}

TEST(Bpf, NeighboursWithOneAnswerAreOneCase) {
    std::vector<bpf::Chosen> chosen;
    for (uint32_t value = 10; value < 20; value++)
        chosen.push_back({value, bpf::answer(1)});
    EXPECT_EQ(bpf::choose(chosen, bpf::answer(2)).size(), 5U);  // two questions, three answers
}

}  // namespace
}  // namespace caisson
