// SPDX-License-Identifier: Apache-2.0
//
// Which system calls the fake-root filter answers, as data: the filter is compiled from it, and a
// test compares it with libseccomp's tables.
#pragma once

#include <linux/audit.h>

#include <array>
#include <cstdint>

#include "policy/bpf.h"

namespace caisson::fake_root {

// What the kernel calls the tables of system calls, in seccomp_data.arch. x32 is x86-64 with a bit
// in the number; arm64 and riscv64 share the generic table (include/uapi/asm-generic/unistd.h).
enum Table { x86_64, x32, i386, generic, arm, ppc64le, s390x, table_count };

inline constexpr uint32_t none = UINT32_MAX;  // the table has no such call

enum class When {
    always,
    device_in_second,  // argument 2 is a mode, of a character or block device
    device_in_third,
};

struct Call {
    const char* name;
    When when;
    uint32_t number[table_count];
};

constexpr uint32_t x32_bit = 0x40000000;  // __X32_SYSCALL_BIT, arch/x86/include/uapi/asm/unistd.h

// Numbers: arch/*/…/syscall*.tbl and asm-generic/unistd.h of Linux 6.1, which never change.
// clang-format off
inline constexpr Call calls[] = {
    //                                       x86_64      x32  i386  generic arm  ppc64le s390x
    {"capset",      When::always,           {126, x32_bit | 126, 185,   91, 185,  184,  185}},
    {"chown",       When::always,           { 92, x32_bit |  92, 182, none, 182,  181,  212}},
    {"chown32",     When::always,           {none,         none, 212, none, 212, none, none}},
    {"fchown",      When::always,           { 93, x32_bit |  93,  95,   55,  95,   95,  207}},
    {"fchown32",    When::always,           {none,         none, 207, none, 207, none, none}},
    {"fchownat",    When::always,           {260, x32_bit | 260, 298,   54, 325,  289,  291}},
    {"kexec_load",  When::always,           {246, x32_bit | 528, 283,  104, 347,  268,  277}},
    {"lchown",      When::always,           { 94, x32_bit |  94,  16, none,  16,   16,  198}},
    {"lchown32",    When::always,           {none,         none, 198, none, 198, none, none}},
    {"mknod",       When::device_in_second, {133, x32_bit | 133,  14, none,  14,   14,   14}},
    {"mknodat",     When::device_in_third,  {259, x32_bit | 259, 297,   33, 324,  288,  290}},
    {"setfsgid",    When::always,           {123, x32_bit | 123, 139,  152, 139,  139,  216}},
    {"setfsgid32",  When::always,           {none,         none, 216, none, 216, none, none}},
    {"setfsuid",    When::always,           {122, x32_bit | 122, 138,  151, 138,  138,  215}},
    {"setfsuid32",  When::always,           {none,         none, 215, none, 215, none, none}},
    {"setgid",      When::always,           {106, x32_bit | 106,  46,  144,  46,   46,  214}},
    {"setgid32",    When::always,           {none,         none, 214, none, 214, none, none}},
    {"setgroups",   When::always,           {116, x32_bit | 116,  81,  159,  81,   81,  206}},
    {"setgroups32", When::always,           {none,         none, 206, none, 206, none, none}},
    {"setregid",    When::always,           {114, x32_bit | 114,  71,  143,  71,   71,  204}},
    {"setregid32",  When::always,           {none,         none, 204, none, 204, none, none}},
    {"setresgid",   When::always,           {119, x32_bit | 119, 170,  149, 170,  169,  210}},
    {"setresgid32", When::always,           {none,         none, 210, none, 210, none, none}},
    {"setresuid",   When::always,           {117, x32_bit | 117, 164,  147, 164,  164,  208}},
    {"setresuid32", When::always,           {none,         none, 208, none, 208, none, none}},
    {"setreuid",    When::always,           {113, x32_bit | 113,  70,  145,  70,   70,  203}},
    {"setreuid32",  When::always,           {none,         none, 203, none, 203, none, none}},
    {"setuid",      When::always,           {105, x32_bit | 105,  23,  146,  23,   23,  213}},
    {"setuid32",    When::always,           {none,         none, 213, none, 213, none, none}},
};
// clang-format on

// By the value that seccomp_data.arch has. x86-64 comes first: it is asked for first.
struct Machine {
    uint32_t audit_arch;
    bpf::Endian endian;
    std::array<Table, 2> tables;  // both, where a number says by itself whose it is
};
inline constexpr Machine machines[] = {
    {AUDIT_ARCH_X86_64, bpf::Endian::little, {x86_64, x32}},
    {AUDIT_ARCH_I386, bpf::Endian::little, {i386, i386}},
    {AUDIT_ARCH_AARCH64, bpf::Endian::little, {generic, generic}},
    {AUDIT_ARCH_ARM, bpf::Endian::little, {arm, arm}},
    {AUDIT_ARCH_PPC64LE, bpf::Endian::little, {ppc64le, ppc64le}},
    {AUDIT_ARCH_S390X, bpf::Endian::big, {s390x, s390x}},
    {AUDIT_ARCH_RISCV64, bpf::Endian::little, {generic, generic}},
};

}  // namespace caisson::fake_root
