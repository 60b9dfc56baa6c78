// SPDX-License-Identifier: Apache-2.0
//
// Seccomp filters as blocks of classic BPF (seccomp(2)), put together from their leaves. A block
// answers on every way through it, and jumps of BPF are relative and lead forward, so blocks are
// nested without labels. All of it is constexpr: a filter that is always the same is made by the
// compiler and lies in read-only data, one that depends on options is made by the same words.
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace caisson::bpf {

using Block = std::vector<sock_filter>;

// Words of struct seccomp_data. An argument has 64 bits; its lower word comes first only where
// the machine is little-endian.
inline constexpr uint32_t number_offset = offsetof(seccomp_data, nr);
inline constexpr uint32_t machine_offset = offsetof(seccomp_data, arch);
enum class Endian { little, big };
constexpr uint32_t argument_offset(uint32_t index, Endian endian) {
    return static_cast<uint32_t>(offsetof(seccomp_data, args)) + 8 * index +
           (endian == Endian::big ? 4 : 0);
}

// Ends the filter with SECCOMP_RET_*.
constexpr Block answer(uint32_t action) {
    return {sock_filter{BPF_RET | BPF_K, 0, 0, action}};
}

constexpr Block followed(sock_filter instruction, const Block& rest) {
    Block block = {instruction};
    block.insert(block.end(), rest.begin(), rest.end());
    return block;
}

// `rest` looks at the word at `offset`.
constexpr Block load(uint32_t offset, const Block& rest) {
    return followed({BPF_LD | BPF_W | BPF_ABS, 0, 0, offset}, rest);
}

// `rest` looks at those bits of the word alone.
constexpr Block bits(uint32_t mask, const Block& rest) {
    return followed({BPF_ALU | BPF_AND | BPF_K, 0, 0, mask}, rest);
}

// A condition is BPF_JEQ, BPF_JGE or BPF_JSET, of the loaded word and `value`. It jumps 255
// instructions at most; farther goes BPF_JA.
constexpr Block when(uint16_t condition, uint32_t value, const Block& yes, const Block& no) {
    const auto code = static_cast<uint16_t>(BPF_JMP | condition | BPF_K);
    Block block;
    if (yes.size() <= UINT8_MAX) {
        block = followed({code, 0, static_cast<uint8_t>(yes.size()), value}, yes);
    } else {
        block = followed({BPF_JMP | BPF_JA, 0, 0, static_cast<uint32_t>(yes.size())}, yes);
        block.insert(block.begin(), sock_filter{code, 1, 0, value});
    }
    block.insert(block.end(), no.begin(), no.end());
    return block;
}

constexpr Block when_equal(uint32_t value, const Block& yes, const Block& no) {
    return when(BPF_JEQ, value, yes, no);
}

// The answer for all values from `first` up to the next case's.
struct Case {
    uint32_t first = 0;
    Block block;
};

// A binary search for the loaded word. The cases ascend, and the first one begins at 0.
constexpr Block search(const Case* begin, const Case* end) {
    if (end - begin == 1) return begin->block;
    const Case* middle = begin + (end - begin) / 2;
    return when(BPF_JGE, middle->first, search(middle, end), search(begin, middle));
}

constexpr bool same(const Block& a, const Block& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](sock_filter x, sock_filter y) {
        return x.code == y.code && x.jt == y.jt && x.jf == y.jf && x.k == y.k;
    });
}

// `block` for each of the values, which ascend, and `otherwise` for all others.
struct Chosen {
    uint32_t value = 0;
    Block block;
};
constexpr Block choose(const std::vector<Chosen>& chosen, const Block& otherwise) {
    std::vector<Case> cases = {{0, otherwise}};
    const auto add = [&cases](uint32_t first, const Block& block) {
        if (cases.back().first == first) cases.pop_back();
        if (cases.empty() || !same(cases.back().block, block)) cases.push_back({first, block});
    };
    for (const Chosen& one : chosen) {
        add(one.value, one.block);
        if (one.value != UINT32_MAX) add(one.value + 1, otherwise);
    }
    return search(cases.data(), cases.data() + cases.size());
}

// What make() gives, as an array of the right size for read-only data.
template <Block (*make)()>
constexpr size_t size_of() {
    const Block block = make();
    return block.size();
}
template <Block (*make)()>
constexpr auto frozen() {
    std::array<sock_filter, size_of<make>()> out{};
    const Block block = make();
    for (size_t i = 0; i < out.size(); i++)
        out[i] = block[i];
    return out;
}

}  // namespace caisson::bpf
