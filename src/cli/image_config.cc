// SPDX-License-Identifier: Apache-2.0
#include "cli/image_config.h"

#include <errno.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/path.h"
#include "base/text.h"
#include "base/try.h"
#include "cli/run_values.h"

namespace caisson::cli {
namespace {

using Json = nlohmann::json;

constexpr const char* inside_file = "/ch/config.pulled.json";

Error wrong(const std::string& origin, const std::string& what, std::string reason) {
    return {"image", what, origin, 0, std::move(reason), {}};
}

// Null where there is none, or it is null: "Cmd": null is what many images have.
const Json* member(const Json* object, const char* name) {
    if (!object || !object->is_object()) return nullptr;
    const auto found = object->find(name);
    return found == object->end() || found->is_null() ? nullptr : &*found;
}

Result<std::string> text_of(const Json* object, const char* name, const std::string& origin) {
    const Json* value = member(object, name);
    if (!value) return std::string();
    const auto* text = value->get_ptr<const std::string*>();
    if (!text) return wrong(origin, name, "is no string");
    return *text;
}

Result<std::vector<std::string>> texts_of(const Json* object, const char* name,
                                          const std::string& origin) {
    std::vector<std::string> texts;
    const Json* list = member(object, name);
    if (!list) return texts;
    if (!list->is_array()) return wrong(origin, name, "is no array");
    for (const Json& item : *list) {
        const auto* text = item.get_ptr<const std::string*>();
        if (!text) return wrong(origin, name, "has something that is no string");
        texts.push_back(*text);
    }
    return texts;
}

Result<void> check_environment(const ImageConfig& config, const std::string& origin) {
    for (const std::string& entry : config.environment) {
        const size_t equals = entry.find('=');
        if (equals != 0 && equals != entry.npos) continue;
        return wrong(origin, entry, "is no variable");
    }
    return {};
}

// https://github.com/opencontainers/image-spec/blob/main/config.md
Result<ImageConfig> from_image_spec(const Json* config, const std::string& origin) {
    return ImageConfig{
        TRY(texts_of(config, "Env", origin)), TRY(texts_of(config, "Entrypoint", origin)),
        TRY(texts_of(config, "Cmd", origin)), TRY(text_of(config, "WorkingDir", origin)),
        TRY(text_of(config, "User", origin))};
}

// https://github.com/opencontainers/runtime-spec/blob/main/config.md
Result<ImageConfig> from_runtime_spec(const Json* process, const std::string& origin) {
    ImageConfig config;
    config.environment = TRY(texts_of(process, "env", origin));
    config.command = TRY(texts_of(process, "args", origin));
    config.directory = TRY(text_of(process, "cwd", origin));
    const Json* uid = member(member(process, "user"), "uid");
    const Json* gid = member(member(process, "user"), "gid");
    const auto* user = uid ? uid->get_ptr<const uint64_t*>() : nullptr;
    const auto* group = gid ? gid->get_ptr<const uint64_t*>() : nullptr;
    if (user) config.user = std::to_string(*user) + ":" + std::to_string(group ? *group : 0);
    return config;
}

// The line of a file of passwd(5)'s or group(5)'s form whose field is the text.
std::vector<std::string> find_line(const std::string& content, size_t field,
                                   const std::string& wanted) {
    for (const std::string& line : text::split(content, '\n')) {
        std::vector<std::string> fields = text::split(line, ':');
        if (fields.size() >= 4 && fields[field] == wanted) return fields;
    }
    return {};
}

// 2^32-1 is no id: it stands for "none" in the kernel's calls.
std::optional<uint32_t> id_of(const std::string& text) {
    const auto number = text::number(text, UINT32_MAX - 1);
    if (!number) return {};
    return static_cast<uint32_t>(*number);
}

Result<uint32_t> id_in(const std::vector<std::string>& fields, const std::string& name,
                       const char* file) {
    const auto id = fields.empty() ? std::nullopt : id_of(fields[2]);
    if (id) return *id;
    return Error{"image", "user", name, 0, std::string("is not in the image's ") + file, {}};
}

Result<uint32_t> find_image_group(const Host& host, const std::string& image,
                                  const std::string& group) {
    if (const auto id = id_of(group)) return *id;
    return id_in(find_line(TRY(host.read(image, "/etc/group")), 0, group), group, "/etc/group");
}

void set_variables(RunRequest& request, const ImageConfig& config) {
    for (const std::string& entry : config.environment) {
        const size_t equals = entry.find('=');
        request.image_environment.push_back(
            {EnvironmentChange::Kind::set, entry.substr(0, equals), entry.substr(equals + 1)});
    }
}

void append(std::vector<std::string>& to, std::vector<std::string> more) {
    for (std::string& one : more)
        to.push_back(std::move(one));
}

}  // namespace

Result<ImageConfig> parse_image_config(std::string_view json, const std::string& origin) {
    const Json whole = Json::parse(json, nullptr, false);
    if (!whole.is_object()) return wrong(origin, "parse", "is no JSON object");
    const Json* config = member(&whole, "config");
    const Json* process = member(&whole, "process");
    if (!config && !process) {
        return wrong(origin, "parse", "has neither config, as images have it, nor process");
    }
    ImageConfig found =
        TRY(config ? from_image_spec(config, origin) : from_runtime_spec(process, origin));
    TRY(check_environment(found, origin));
    return found;
}

Result<ImageConfig> read_image_config(const Host& host, const std::string& image) {
    const Result<std::string> inside = host.read(image, inside_file);
    if (inside) return parse_image_config(inside.value(), inside_file);
    if (inside.error().errno_value != ENOENT && inside.error().errno_value != ENOTDIR) {
        return inside.error();
    }
    const std::string directory = path::tidy(image);
    if (directory.ends_with("/rootfs")) {
        const std::string beside = path::parent(directory) + "/config.json";
        const Result<std::string> content = file::read(beside, "image");
        if (content) return parse_image_config(content.value(), beside);
        if (content.error().errno_value != ENOENT) return content.error();
    }
    return Error{"image",
                 {},
                 image,
                 0,
                 "carries no configuration",
                 std::string("looked for ") + inside_file +
                     " in it, and for config.json beside a directory rootfs"};
}

Result<ImageUser> find_image_user(const Host& host, const std::string& image,
                                  const std::string& user) {
    const size_t colon = user.find(':');
    const std::string name = user.substr(0, colon);
    const auto number = id_of(name);
    // A number needs no entry, and then no file either.
    const Result<std::string> passwd = host.read(image, "/etc/passwd");
    if (!passwd && !number) return passwd.error();
    const auto fields = find_line(passwd ? passwd.value() : "", number ? 2 : 0, name);
    ImageUser found;
    found.uid = number ? *number : TRY(id_in(fields, name, "/etc/passwd"));
    if (!fields.empty()) found.gid = id_of(fields[3]).value_or(0);
    if (fields.size() >= 6) found.home = fields[5];
    if (colon != user.npos) {
        found.gid = TRY(find_image_group(host, image, user.substr(colon + 1)));
    }
    return found;
}

Result<void> apply_image_environment(RunRequest& request, const Host& host,
                                     const std::string& image) {
    set_variables(request, TRY(read_image_config(host, image)));
    return {};
}

Result<void> apply_image_config(RunRequest& request, const Host& host, const std::string& image) {
    ImageConfig config = TRY(read_image_config(host, image));
    set_variables(request, config);
    std::vector<std::string> command = std::move(config.entrypoint);
    append(command, request.command.empty() ? std::move(config.command) : request.command);
    request.command = std::move(command);
    if (request.directory.empty() && !config.directory.empty()) {
        request.directory = inside_path(config.directory);
    }
    if (config.user.empty() || request.spec.uid) return {};
    const ImageUser user = TRY(find_image_user(host, image, config.user));
    request.spec.uid = user.uid;
    if (!request.spec.gid) request.spec.gid = user.gid;
    if (request.home_inside.empty()) request.home_inside = user.home;
    return {};
}

}  // namespace caisson::cli
