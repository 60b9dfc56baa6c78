// SPDX-License-Identifier: Apache-2.0
#include "cli/run_image.h"

#include "base/try.h"

namespace caisson::cli {
namespace {

// ch-image(1) takes what it finds in its storage for what it has put there.
Result<void> check_storage(const RunRequest& request, const Image& image,
                           const std::string& storage) {
    if (request.habits != Habits::charliecloud || request.unsafe) return {};
    const bool writes = request.spec.root && request.spec.root->writes == RootWrites::kept;
    if (image.by_name && writes) {
        return Error{"ch-run", {}, {}, 0, "--write invalid when running by name", {}};
    }
    if (image.by_name || image.form != ImageForm::directory) return {};
    if (!is_inside_storage(image.path, storage)) return {};
    return Error{"ch-run",           {}, {}, 0, "can't run directory images from storage",
                 "hint: run by name"};
}

}  // namespace

Result<Root> root_of(const RunRequest& request, const Host& host, const char* const* environment) {
    const bool is_path = request.image.starts_with('/') || request.image.starts_with('.');
    if (is_path && request.habits == Habits::caisson) return directory_image(request.image);
    const std::string storage =
        request.storage.empty() ? default_storage(environment, host) : request.storage;
    const Image image = TRY(find_image(request.image, storage));
    TRY(check_storage(request, image, storage));
    return caisson::root_of(image);
}

}  // namespace caisson::cli
