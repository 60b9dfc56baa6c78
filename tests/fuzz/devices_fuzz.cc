// SPDX-License-Identifier: Apache-2.0
//
// CDI files: whatever they are, what is taken from them is fit for a Spec.
#include "caisson/devices.h"
#include "fuzz/seeds.h"

using namespace caisson;

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    fuzz::write_seeds(
        {R"({"cdiVersion":"0.5.0","kind":"v.com/c","devices":[{"name":"0","containerEdits":{
           "env":["A=1"],"deviceNodes":[{"path":"/dev/a","hostPath":"/dev/b","type":"c","major":1}],
           "mounts":[{"hostPath":"/a","containerPath":"/b","options":["ro","bind"]}]}}]})",
         R"({"cdiVersion":"1.0.0","kind":"v.com/c","devices":[{"name":"all"}],"containerEdits":{
           "hooks":[{"hookName":"createContainer","path":"/x/nvidia-cdi-hook","args":["nvidia-cdi-hook",
           "update-ldcache","--folder","/lib"]},{"hookName":"poststop","path":"/nvidia-ctk",
           "args":["nvidia-ctk","hook","create-symlinks","--link","a::/b"],"timeout":3}]}})",
         R"({"cdiVersion":"2.0.0"})", "[[[[", "{\"kind\":\"\\u0000\"}"});
    return 0;
}

namespace {

void check_path(const std::string& path) {
    fuzz::require(path.starts_with('/') && path.size() < 4096);
    fuzz::require(path.find('\0') == std::string::npos);
    fuzz::require(("/" + path + "/").find("/../") == std::string::npos);
}

void check_edits(const DeviceEdits& edits) {
    for (const auto* binds : {&edits.nodes, &edits.mounts}) {
        for (const Bind& bind : *binds) {
            check_path(bind.from);
            check_path(bind.to);
        }
    }
    for (const Symlink& link : edits.links) {
        check_path(link.to);
        fuzz::require(!link.target.empty());
    }
    for (const auto* list : {&edits.libraries, &edits.soname_libraries}) {
        for (const std::string& directory : *list)
            check_path(directory);
    }
    for (const std::string& one : edits.environment)
        fuzz::require(one.find('=') != std::string::npos && one[0] != '=');
    for (const std::string& warning : edits.warnings)
        fuzz::require(warning.find('\n') == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const Result<DeviceSpec> spec = parse_device_spec(text, "file");
    if (!spec) {
        fuzz::require(spec.error().text().find('\n') == std::string::npos);
        return 0;
    }
    fuzz::require(!spec.value().devices.empty() && !spec.value().kind.empty());
    check_edits(spec.value().edits);
    for (const Device& device : spec.value().devices)
        check_edits(device.edits);
    return 0;
}
