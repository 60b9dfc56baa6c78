// SPDX-License-Identifier: Apache-2.0
//
// `caisson image list`.
#include <stdio.h>
#include <string.h>

#include <nlohmann/json.hpp>

#include "base/try.h"
#include "caisson/image.h"
#include "cli/commands.h"
#include "cli/config.h"
#include "cli/help.h"
#include "cli/image_request.h"
#include "cli/parse_options.h"
#include "cli/run_request.h"
#include "cli/run_values.h"

namespace caisson::cli {
namespace {

using R = ImageRequest;

constexpr Option<R> rows[] = {
    {"storage", 's', Takes::value, "DIR", "Options",
     "The storage directory; by default CH_IMAGE_STORAGE, or /var/tmp/USER.ch.",
     Completes::directory, nullptr,
     [](R& r, const char* v) { return set(r.storage, std::string(v)); }},
    {"json", '\0', Takes::nothing, nullptr, "Options",
     "Print a JSON array of objects with name, path and form.", Completes::nothing, nullptr,
     [](R& r, const char*) { return set(r.json, true); }},
    {"help", 'h', Takes::nothing, nullptr, "Options", "Print this.", Completes::nothing, nullptr,
     [](R& r, const char*) { return set(r.help, true); }},
};

const char* word_for(ImageForm form) {
    switch (form) {
        case ImageForm::directory:
            return "directory";
        case ImageForm::squashfs:
            return "squashfs";
        case ImageForm::unknown:
            break;
    }
    return "unknown";
}

int print_help() {
    return print_out(
        "usage: caisson image list [OPTION…]\n\n"
        "Lists the images that `caisson run` and `ch-run` know by name.\n" +
        options_help<R>(rows));
}

Result<int> list(const ImageRequest& request) {
    const auto host = this_host();
    RunRequest configured;
    configured.storage = request.storage;
    TRY(apply_config(environ, configured));
    const std::string& named = configured.storage;
    const std::string storage = named.empty() ? default_storage(environ, *host) : named;
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    std::string names;
    for (const StoredImage& image : TRY(stored_images(storage))) {
        const Result<Image> found = find_image(image.name, storage);
        const ImageForm form = found ? found.value().form : ImageForm::unknown;
        names += image.name + "\n";
        all.push_back({{"name", image.name}, {"path", image.path}, {"form", word_for(form)}});
    }
    if (!request.json) return print_out(names);
    // Names are any bytes: what is not UTF-8 is replaced.
    return print_out(all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

int refuse(const Error& error) {
    print_error(error);
    return 125;
}

}  // namespace

std::span<const Option<ImageRequest>> image_options() {
    return rows;
}

Result<void> parse_image(int argc, char** argv, ImageRequest& request) {
    const char* verb = argc > 1 ? argv[1] : "";
    if (strcmp(verb, "--help") == 0 || strcmp(verb, "-h") == 0) return set(request.help, true);
    if (strcmp(verb, "list") != 0) {
        return Error{"options", {}, verb, 0, "image needs a verb", "caisson image list"};
    }
    const int operands = TRY(parse_options<R>(rows, argc - 1, argv + 1, request)) + 1;
    if (operands < argc) {
        return Error{"options", {}, argv[operands], 0, "image list takes no operand", {}};
    }
    return {};
}

int image_main(int argc, char** argv) {
    ImageRequest request;
    const Result<void> parsed = parse_image(argc, argv, request);
    if (!parsed) return refuse(parsed.error());
    if (request.help) return print_help();
    const Result<int> status = list(request);
    return status ? status.value() : refuse(status.error());
}

}  // namespace caisson::cli
