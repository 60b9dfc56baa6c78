// SPDX-License-Identifier: Apache-2.0
//
// `caisson memfd seals`: the second program of memfd_create(2), for any number of files.
#include <errno.h>
#include <fcntl.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "base/try.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/memfd.h"

namespace caisson::cli {
namespace {

Result<Seals> look_at(const std::string& path) {
    // Not waiting for a pipe's other end, which has no seals anyway.
    Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!fd) return Error{"memory file", "open", path, errno, {}, {}};
    Result<SealedFile> file = SealedFile::adopt(std::move(fd), Seals::none);
    if (file) return file.value().seals();
    Error error = std::move(file).error();
    error.subject = path;
    return error;
}

std::string as_json(const std::string& path, Seals seals) {
    using Json = nlohmann::ordered_json;
    Json names = Json::array();
    if (seals != Seals::none) names = text::split(names_of(seals), ' ');
    // Paths need not be UTF-8; JSON does.
    return Json{{"path", path}, {"seals", names}}.dump(-1, ' ', false,
                                                       Json::error_handler_t::replace);
}

std::string as_text(Seals seals) {
    const std::string names = names_of(seals);
    return names.empty() ? "Existing seals:" : "Existing seals: " + names;
}

}  // namespace

Result<int> memfd_seals(const MemfdRequest& request) {
    const std::vector<std::string>& paths = request.operands;
    if (paths.empty()) return Error{"options", {}, {}, 0, "seals needs at least one PATH", {}};
    int status = 0;
    for (const std::string& path : paths) {
        const Result<Seals> seals = look_at(path);
        if (!seals) {
            print_error(seals.error());
            status = 125;
            continue;
        }
        std::string line;
        if (request.json)
            line = as_json(path, seals.value());
        else if (paths.size() > 1)
            line = text::escaped(path) + ": " + as_text(seals.value());
        else
            line = as_text(seals.value());
        if (print_out(line + "\n") != 0) return 125;
    }
    return status;
}

}  // namespace caisson::cli
