// SPDX-License-Identifier: Apache-2.0
//
// Runs a seccomp filter on a system call of any machine, without a kernel. It knows what the
// filters here are made of, and ends the test at anything else.
#pragma once

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include <array>
#include <vector>

#include "policy/bpf.h"

namespace caisson {

struct SystemCall {
    uint32_t number = 0;
    uint32_t audit_arch = 0;  // AUDIT_ARCH_*
    bpf::Endian endian = bpf::Endian::little;
    std::array<uint64_t, 6> arguments = {};
};

// struct seccomp_data as that machine has it: whole words, of which 64 bits take two.
inline std::array<uint32_t, 16> words_of(const SystemCall& call) {
    std::array<uint32_t, 16> words = {call.number, call.audit_arch};  // then the program counter
    for (size_t i = 0; i < call.arguments.size(); i++) {
        const auto low = static_cast<uint32_t>(call.arguments[i]);
        const auto high = static_cast<uint32_t>(call.arguments[i] >> 32);
        words[4 + 2 * i] = call.endian == bpf::Endian::little ? low : high;
        words[5 + 2 * i] = call.endian == bpf::Endian::little ? high : low;
    }
    return words;
}

inline bool condition_holds(uint16_t code, uint32_t left, uint32_t right) {
    switch (code & 0xf0) {
        case BPF_JA:
            return true;
        case BPF_JEQ:
            return left == right;
        case BPF_JGE:
            return left >= right;
        case BPF_JGT:
            return left > right;
        case BPF_JSET:
            return (left & right) != 0;
    }
    ADD_FAILURE() << "unknown jump " << code;
    return false;
}

struct Evaluation {
    uint32_t action = 0;  // SECCOMP_RET_*, with its data
    size_t steps = 0;
};

inline Evaluation evaluate(const std::vector<sock_filter>& program, const SystemCall& call) {
    const auto words = words_of(call);
    uint32_t accumulator = 0;
    Evaluation result;
    for (size_t at = 0; at < program.size(); at++) {
        const sock_filter& one = program[at];
        result.steps++;
        if (one.code == (BPF_RET | BPF_K)) {
            result.action = one.k;
            return result;
        }
        if (one.code == (BPF_LD | BPF_W | BPF_ABS)) {
            if (one.k % 4 != 0 || one.k / 4 >= words.size()) break;
            accumulator = words[one.k / 4];
        } else if (one.code == (BPF_ALU | BPF_AND | BPF_K)) {
            accumulator &= one.k;
        } else if (one.code == (BPF_JMP | BPF_JA)) {
            at += one.k;
        } else if ((one.code & 0x0f) == (BPF_JMP | BPF_K)) {
            at += condition_holds(one.code, accumulator, one.k) ? one.jt : one.jf;
        } else {
            break;
        }
    }
    ADD_FAILURE() << "the program left its way after " << result.steps << " steps";
    return result;
}

}  // namespace caisson
