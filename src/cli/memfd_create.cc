// SPDX-License-Identifier: Apache-2.0
//
// `caisson memfd create`: the first program of memfd_create(2), and what goes into the file.
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/try.h"
#include "cli/help.h"
#include "cli/memfd.h"

namespace caisson::cli {
namespace {

// Only once the file is made is it known how large it has to be.
constexpr const char* as_filled = "-";

Result<void> fill(MemFile& file, const std::string& from, std::optional<uint64_t> size) {
    const Fd source = TRY(open_fill(from));
    const uint64_t filled = TRY(file.write_from(source.get(), size.value_or(UINT64_MAX)));
    char more = 0;
    if (filled == size && read(source.get(), &more, 1) > 0) {
        return Error{"memory file", "--fill", from, 0, "is larger than the file is to be", {}};
    }
    return {};
}

// A reader of the line, as in path=$(caisson memfd create … &), would otherwise wait for an end
// that comes only with ours.
void let_go_of_output() {
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) dup2(null, STDOUT_FILENO);
    if (null > STDERR_FILENO) close(null);
}

Error about(Error error, const char* what, const std::string& value) {
    error.phase = "options";
    error.operation = what;
    error.subject = value;
    return error;
}

}  // namespace

Result<int> memfd_create(const MemfdRequest& request) {
    if (request.operands.size() < 2 || request.operands.size() > 3) {
        return Error{"options", {}, {}, 0, "create needs NAME, SIZE and, if any, SEALS", {}};
    }
    const std::string& name = request.operands[0];
    std::optional<uint64_t> size;
    if (request.operands[1] != as_filled || request.fill.empty()) {
        const Result<uint64_t> given = size_of(request.operands[1]);
        if (!given) return about(given.error(), "SIZE", request.operands[1]);
        size = given.value();
    }
    const std::string letters = request.operands.size() > 2 ? request.operands[2] : "";
    const Result<Seals> seals = seals_of(letters);
    if (!seals) return about(seals.error(), "SEALS", letters);

    MemFile file = TRY(
        MemFile::create(name, {.execution = request.execution, .huge_pages = request.huge_pages}));
    if (!request.fill.empty()) TRY(fill(file, request.fill, size));
    if (size) TRY(file.resize(*size));
    if (seals.value() != Seals::none) TRY(file.add_seals(seals.value()));

    const std::string pid = std::to_string(getpid());
    const std::string fd = std::to_string(file.fd());
    const std::string path = "/proc/" + pid + "/fd/" + fd;
    const int printed = print_out(
        request.print_path ? path + "\n" : "PID: " + pid + "; fd: " + fd + "; " + path + "\n");
    if (printed != 0) return printed;
    let_go_of_output();
    for (;;)
        pause();  // the file is there as long as we are
}

}  // namespace caisson::cli
