// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "caisson/spec.h"

namespace caisson {

Program program_from(std::vector<std::string> arguments, std::vector<std::string> environment,
                     const std::string& path) {
    Program program;
    program.arguments = std::move(arguments);
    program.environment = std::move(environment);
    if (program.arguments.empty()) return program;
    const std::string& name = program.arguments.front();
    if (name.find('/') != std::string::npos || name.empty()) {
        program.candidates.push_back(name);
        return program;
    }
    const std::vector<std::string> directories = text::split(path, ':');
    for (auto at = directories.begin(); at != directories.end(); ++at) {
        const std::string& directory = *at;
        if (std::find(directories.begin(), at, directory) != at) continue;  // seen already
        // An empty entry means the working directory (execvp(3)).
        std::string& candidate =
            program.candidates.emplace_back(directory.empty() ? "." : directory);
        candidate.append("/").append(name);
    }
    return program;
}

}  // namespace caisson
