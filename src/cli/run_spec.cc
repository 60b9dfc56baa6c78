// SPDX-License-Identifier: Apache-2.0
#include "cli/run_spec.h"

#include "base/try.h"
#include "cli/host_directories.h"
#include "cli/run_image.h"

namespace caisson::cli {
namespace {

constexpr const char* default_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// The caller as 0, its ranges from 1 on.
Result<std::vector<IdRange>> map_from(uint32_t own, const std::vector<IdRange>& subordinate,
                                      const char* file) {
    if (subordinate.empty()) {
        return Error{"id-maps",
                     "--id-map",
                     file,
                     0,
                     "has no range for this user",
                     "usermod --add-subuids and --add-subgids give one; see `caisson doctor`"};
    }
    std::vector<IdRange> map = {{0, own, 1}};
    uint32_t inside = 1;
    for (IdRange range : subordinate) {
        range.inside = inside;
        inside += range.count;
        map.push_back(range);
    }
    return map;
}

// User 0 keeps what docker leaves it; anybody else keeps nothing. Then come the options.
void set_capabilities(RunRequest& request, const Host& host) {
    // ch-run leaves it to the kernel: all of the namespace's for user 0, none for others.
    if (request.habits == Habits::charliecloud) return;
    const bool maps = !request.spec.id_maps.uids.empty();
    const uint32_t uid = request.spec.uid.value_or(maps ? 0 : host.uid());
    const CapabilitySet base =
        uid == 0 ? CapabilitySet::container_default() : CapabilitySet::none();
    // A name added is kept even under --cap-drop all, as docker has it.
    const bool drops_all = request.drop == CapabilitySet::all();
    request.spec.capabilities =
        drops_all ? request.add.without(request.add == CapabilitySet::all() ? request.drop
                                                                            : CapabilitySet())
                  : base.with(request.add).without(request.drop);
}

void put_below(EnvironmentRules& rules, const RunRequest& request) {
    for (const EnvironmentChange& change : request.image_environment)
        rules.before.push_back(change);
}

EnvironmentRules rules_for(const RunRequest& request, bool is_root) {
    EnvironmentRules rules;
    rules.default_path = default_path;
    rules.home = !request.home_inside.empty() ? request.home_inside : is_root ? "/root" : "/";
    rules.directory = request.directory;
    rules.expansion = request.expansion;
    rules.before = {{EnvironmentChange::Kind::set, "container", "caisson"}};
    put_below(rules, request);
    return rules;
}

// A host without PATH is left so, and HOME is what the image has for root, whoever the user is.
EnvironmentRules charliecloud_rules(const RunRequest& request, const Host& host) {
    EnvironmentRules rules;
    rules.path_test = EnvironmentRules::PathTest::substring;
    if (!request.home_inside.empty())
        rules.home = request.home_inside;
    else
        rules.home = host.exists(request.spec.root->directory, "/root") ? "/root" : "/";
    rules.directory = request.directory;
    rules.expansion = request.expansion;
    put_below(rules, request);
    rules.after = {{EnvironmentChange::Kind::set, "CH_RUNNING", "Weird Al Yankovic"}};
    return rules;
}

}  // namespace

Result<void> set_ids(RunRequest& request, const Host& host) {
    Spec& spec = request.spec;
    if (request.ids_from_subids) {
        spec.id_maps.uids = TRY(map_from(host.uid(), host.subordinate_uids(), "/etc/subuid"));
        spec.id_maps.gids = TRY(map_from(host.gid(), host.subordinate_gids(), "/etc/subgid"));
    }
    const bool maps = !spec.id_maps.uids.empty();
    // An ordinary user can do nothing without a user namespace. Root can; it gets one where it
    // asks for ids that only exist in one, and from ch-run always.
    spec.namespaces.user = maps || !host.is_privileged() || request.habits == Habits::charliecloud;
    // User 0 of the namespace that owns the mounts could undo them one by one; in a nested one it
    // is as much user 0 and can't. Others have no capability to do it with.
    if (request.habits == Habits::charliecloud && spec.uid.value_or(host.uid()) == 0) {
        spec.lock_mounts = true;
    }
    // Somebody else's groups are not the caller's. A single-id map can't change them.
    if ((spec.uid || spec.gid) && (maps || !spec.namespaces.user)) {
        spec.groups.emplace();
        if (!spec.gid) spec.gid = spec.uid;
    }
    return {};
}

Result<Wanted> wanted_by(RunRequest request, const Host& host, const char* const* entries) {
    TRY(add_host_directories(request, entries, host));
    Root root = TRY(root_of(request, host, entries));
    request.image = root.directory;
    if (request.spec.root) {
        root.writes = request.spec.root->writes;
        root.discard_size = std::move(request.spec.root->discard_size);
        root.layer = std::move(request.spec.root->layer);
    }
    if (request.from_image) TRY(request.from_image(request, host, root.directory));
    if (request.directory.empty()) request.directory = "/";
    request.spec.root = std::move(root);
    request.spec.namespaces.mount = true;
    if (request.add_devices) TRY(request.add_devices(request, host));
    TRY(set_ids(request, host));
    set_capabilities(request, host);
    add_guest_file_system(request.spec, request.guest, host);

    const bool maps = !request.spec.id_maps.uids.empty();
    const bool is_root = request.spec.uid.value_or(maps ? 0 : host.uid()) == 0;
    const EnvironmentChanges changes =
        TRY(with_image_file(std::move(request.environment), host, request.spec.root->directory));
    const EnvironmentRules rules = request.habits == Habits::charliecloud
                                       ? charliecloud_rules(request, host)
                                       : rules_for(request, is_root);
    Environment environment = environment_for(entries, rules, changes);
    const std::string path(environment.get("PATH"));
    std::vector<std::string> command = std::move(request.command);
    if (command.empty()) command = {"/bin/sh"};
    Program program = program_from(std::move(command), std::move(environment).take(), path);
    program.directory = request.directory;
    return Wanted{std::move(request.spec), std::move(program), std::move(request.warnings)};
}

}  // namespace caisson::cli
