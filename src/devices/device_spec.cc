// SPDX-License-Identifier: Apache-2.0
//
// One CDI file: SPEC.md of container-device-interface, versions 0.3.0 to 1.1.0.
#include "base/text.h"
#include "caisson/devices.h"
#include "devices/hooks.h"
#include "devices/members.h"

namespace caisson {
namespace devices {
namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_alphanumeric(char c) {
    return is_letter(c) || (c >= '0' && c <= '9');
}

// Alphanumeric at both ends, with those and `between` inside.
bool is_name(std::string_view text, std::string_view between) {
    if (text.empty() || !is_alphanumeric(text.front()) || !is_alphanumeric(text.back()))
        return false;
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return is_alphanumeric(c) || between.find(c) != std::string_view::npos;
    });
}

bool is_kind(const std::string& kind) {
    const std::vector<std::string> parts = text::split(kind, '/');
    return parts.size() == 2 && parts[0].size() <= 253 && parts[1].size() <= 63 &&
           is_name(parts[0], ".-_") && is_name(parts[1], ".-_");
}

bool is_version(const std::string& version) {
    const std::vector<std::string> parts = text::split(version, '.');
    if (parts.size() != 3) return false;
    return std::all_of(parts.begin(), parts.end(),
                       [](const std::string& part) { return text::number(part).has_value(); });
}

// Versions with the same first number only add to each other, and what is added is an unknown
// member.
void check_version(Members& file) {
    const std::string version = file.text("cdiVersion", Need::required);
    if (!is_version(version)) file.complain("cdiVersion", "is no version, as 1.0.0 is one");
    if (!version.starts_with("0.") && !version.starts_with("1.")) {
        file.complain("cdiVersion", "is of a specification that is not known here");
    }
}

std::vector<std::string> assignments(Members& edits) {
    std::vector<std::string> list = edits.texts("env");
    for (const std::string& one : list) {
        const size_t equals = one.find('=');
        if (equals == std::string::npos || equals == 0) edits.complain("env", "has no NAME=VALUE");
    }
    return list;
}

// Who owns a node and which modes it has is the host's to say: it is the host's own.
Bind node_of(Members node) {
    Bind bind;
    bind.to = node.absolute_path("path", Need::required);
    bind.from = node.absolute_path("hostPath", Need::optional);
    if (bind.from.empty()) bind.from = bind.to;
    const std::string type = node.text("type");
    if (type.size() > 1 || std::string_view("bcup").find(type) == std::string_view::npos) {
        node.complain("type", "is none of b, c, u and p");
    }
    const std::string permissions = node.text("permissions");
    if (permissions.find_first_not_of("rwm") != std::string::npos) {
        node.complain("permissions", "are none of r, w and m");
    }
    for (const char* number : {"major", "minor", "fileMode", "uid", "gid"}) {
        const Json* found = node.find(number);
        if (found && !found->is_number_integer()) node.complain(number, "is no number");
    }
    node.refuse_unknown();
    return bind;
}

// Propagation is always that of a slave, and access times are the host mount's. Binds are recursive
// in any case: what is mounted below may be locked (mount_namespaces(7)), and can't be left out
// then.
bool set_mount_option(Bind& bind, const std::string& word) {
    static constexpr std::string_view without_effect[] = {
        "rw",          "suid",       "dev",        "exec",     "bind",       "rbind",
        "private",     "rprivate",   "slave",      "rslave",   "shared",     "rshared",
        "async",       "atime",      "noatime",    "relatime", "nodiratime", "diratime",
        "strictatime", "unbindable", "runbindable"};
    if (word == "ro")
        bind.attributes.read_only = true;
    else if (word == "nosuid")
        bind.attributes.nosuid = true;
    else if (word == "nodev")
        bind.attributes.nodev = true;
    else if (word == "noexec")
        bind.attributes.noexec = true;
    else
        return std::find(std::begin(without_effect), std::end(without_effect), word) !=
               std::end(without_effect);
    return true;
}

Bind mount_of(Members mount) {
    Bind bind;
    bind.from = mount.absolute_path("hostPath", Need::required);
    bind.to = mount.absolute_path("containerPath", Need::required);
    const std::string type = mount.text("type");
    if (!type.empty() && type != "bind" && type != "none") {
        mount.complain("type", "is no bind: nothing else is known here");
    }
    for (const std::string& word : mount.texts("options")) {
        if (set_mount_option(bind, word)) continue;
        mount.complain("options", "have a word that is not known here");
    }
    mount.refuse_unknown();
    return bind;
}

void add_hook(Members hook, DeviceEdits& edits) {
    static constexpr std::string_view stages[] = {
        "prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"};
    const std::string stage = hook.text("hookName", Need::required);
    if (std::find(std::begin(stages), std::end(stages), stage) == std::end(stages)) {
        hook.complain("hookName", "is none of the stages that there are");
    }
    const std::string path = hook.absolute_path("path", Need::required);
    const std::vector<std::string> words = hook.texts("args");
    hook.texts("env");
    if (const Json* timeout = hook.find("timeout"); timeout && !timeout->is_number_integer()) {
        hook.complain("timeout", "is no number");
    }
    hook.refuse_unknown();
    const std::string wrong = translate_hook(path, words, edits);
    if (!wrong.empty()) hook.complain("args", wrong.c_str());
}

DeviceEdits edits_of(Members file, Complaint& complaint) {
    DeviceEdits edits;
    edits.environment = assignments(file);
    file.each("deviceNodes", Need::optional, [&](const Json& one, const std::string& where) {
        edits.nodes.push_back(node_of({complaint, one, where}));
    });
    file.each("mounts", Need::optional, [&](const Json& one, const std::string& where) {
        edits.mounts.push_back(mount_of({complaint, one, where}));
    });
    file.each("hooks", Need::optional, [&](const Json& one, const std::string& where) {
        add_hook({complaint, one, where}, edits);
    });
    // The caller's groups come along anyway, and nobody else's can be taken on.
    file.each("additionalGids", Need::optional, [](const Json&, const std::string&) {});
    for (const char* name : {"intelRdt", "netDevices"}) {
        if (file.find(name)) edits.warnings.push_back(std::string(name) + " is not carried out");
    }
    file.refuse_unknown();
    return edits;
}

Device device_of(Members file, Complaint& complaint) {
    Device device;
    device.name = file.text("name", Need::required);
    if (!is_name(device.name, ".-_:")) file.complain("name", "is no name of a device");
    file.find("annotations");
    if (const Json* edits = file.find("containerEdits")) {
        device.edits = edits_of({complaint, *edits, file.where("containerEdits")}, complaint);
    }
    file.refuse_unknown();
    return device;
}

void add_devices(Members& file, Complaint& complaint, std::vector<Device>& devices) {
    file.each("devices", Need::required, [&](const Json& one, const std::string& where) {
        devices.push_back(device_of({complaint, one, where}, complaint));
        for (size_t i = 0; i + 1 < devices.size(); i++) {
            if (devices[i].name == devices.back().name) complaint.say(where, "has a name twice");
        }
    });
    if (devices.empty()) file.complain("devices", "has none");
}

}  // namespace
}  // namespace devices

Result<DeviceSpec> parse_device_spec(std::string_view text, const std::string& path) {
    using namespace devices;
    const Json json = Json::parse(text.begin(), text.end(), nullptr, false);
    if (json.is_discarded()) {
        return Error{
            "devices",    "parse",
            path,         0,
            "is no JSON", "YAML is not read: `nvidia-ctk cdi generate --format=json` writes JSON"};
    }
    Complaint complaint;
    DeviceSpec spec;
    spec.path = path;
    Members file(complaint, json, "");
    check_version(file);
    spec.kind = file.text("kind", Need::required);
    if (!is_kind(spec.kind)) file.complain("kind", "is no kind, as vendor.com/class is one");
    file.find("annotations");
    if (const Json* edits = file.find("containerEdits")) {
        spec.edits = edits_of({complaint, *edits, "containerEdits"}, complaint);
    }
    add_devices(file, complaint, spec.devices);
    file.refuse_unknown();
    if (!complaint.text.empty()) {
        return Error{"devices", "parse", path, 0, text::escaped(complaint.text), {}};
    }
    return spec;
}

}  // namespace caisson
