// SPDX-License-Identifier: Apache-2.0
#include "spec/validate.h"

#include <linux/filter.h>

#include <algorithm>

#include "base/path.h"
#include "base/try.h"

namespace caisson {
namespace {

Error refuse(std::string field, std::string reason, std::string hint = {}) {
    return {"spec", std::move(field), {}, 0, std::move(reason), std::move(hint)};
}

Error refuse_path(std::string field, std::string path, std::string reason) {
    return {"spec", std::move(field), std::move(path), 0, std::move(reason), {}};
}

// A NUL would end the text for the kernel before its end.
Result<void> check_text(const char* field, const std::string& text) {
    if (text.find('\0') != std::string::npos) return refuse_path(field, text, "has a NUL byte");
    return {};
}

Result<void> check_path(const char* field, const std::string& path) {
    if (path.empty()) return refuse(field, "must not be empty");
    return check_text(field, path);
}

Result<void> check_destination(const std::string& to) {
    if (auto bad = check_path("mount destination", to); !bad) return bad;
    if (!path::is_absolute(to)) {
        return refuse_path("mount destination", to, "must be absolute");
    }
    if (path::collapsed(to) == "/") return refuse_path("mount destination", to, "can't be /");
    return {};
}

Result<void> check_mount(const Mount& mount) {
    if (auto bad = check_destination(destination_of(mount)); !bad) return bad;
    if (const Bind* bind = std::get_if<Bind>(&mount)) {
        if (bind->mount == BindMount::merged && !bind->attributes.read_only) {
            return refuse_path("merge", bind->to, "needs ro: it mounts the source's directory");
        }
        return check_path("bind source", bind->from);
    }
    if (const Tmpfs* tmpfs = std::get_if<Tmpfs>(&mount)) return check_text("tmpfs", tmpfs->size);
    if (const Symlink* link = std::get_if<Symlink>(&mount)) {
        return check_path("symlink", link->target);
    }
    if (const Overlay* overlay = std::get_if<Overlay>(&mount)) {
        for (const std::string& lower : overlay->lower)
            TRY(check_path("overlay", lower));
        TRY(check_text("overlay", overlay->upper));
        TRY(check_text("overlay", overlay->work));
        if (overlay->lower.empty()) return refuse("overlay", "needs a lower directory");
        if (overlay->upper.empty() != overlay->work.empty()) {
            return refuse("overlay", "upper and work come together or not at all");
        }
    }
    return {};
}

// Without a mount namespace nothing can be restricted, and the capability to undo it must go.
Result<void> check_chroot(const Spec& spec) {
    constexpr int sys_chroot = 18;  // CAP_SYS_CHROOT
    const Root& root = *spec.root;
    if (spec.namespaces.mount) return refuse("root.change", "chroot goes without namespaces.mount");
    if (spec.namespaces.user) return refuse("root.change", "chroot goes without namespaces.user");
    if (root.writes != RootWrites::kept) return refuse("root.writes", "chroot can only keep them");
    if (!root.discard_size.empty()) {
        return refuse("root.discard_size", "needs RootWrites::discarded");
    }
    if (root.attributes.any()) return refuse("root.attributes", "chroot can set none");
    if (!spec.capabilities || spec.capabilities->has(sys_chroot)) {
        return refuse("capabilities", "whoever keeps sys_chroot leaves a chroot again");
    }
    return {};
}

// Who enters is a fork of the caller, and goes on as it.
Result<void> check_subject(const Spec& spec) {
    if (spec.subject == Subject::program) return {};
    if (spec.init == Init::none) {
        return refuse("init",
                      "process 1 gets no signal that it does not handle: a caller needs one");
    }
    if (spec.namespaces.time && !spec.namespaces.pid) {
        return refuse("namespaces.time", "needs namespaces.pid for a caller");
    }
    if (!spec.descriptor_files.empty()) {
        return refuse("descriptor_files", "are for a program: a caller has descriptors of its own");
    }
    return {};
}

Result<void> check_root(const Spec& spec) {
    if (!spec.root) return {};
    if (spec.root->attributes.read_only) {
        return refuse("root.attributes.read_only", "is said by root.writes");
    }
    const bool layered = spec.root->writes == RootWrites::layered;
    if (!spec.root->layer.empty() && !layered) {
        return refuse("root.layer", "needs RootWrites::layered");
    }
    if (spec.root->change == RootChange::chroot) {
        TRY(check_path("root", spec.root->directory));
        return check_chroot(spec);
    }
    if (!spec.namespaces.mount) return refuse("root", "needs namespaces.mount");
    if (auto bad = check_path("root", spec.root->directory); !bad) return bad;
    TRY(check_text("root.discard_size", spec.root->discard_size));
    if (!spec.root->discard_size.empty() && spec.root->writes != RootWrites::discarded) {
        return refuse("root.discard_size", "needs RootWrites::discarded");
    }
    TRY(check_text("root.layer", spec.root->layer));
    if (layered && !path::is_absolute(spec.root->layer)) {
        return refuse_path("root.layer", spec.root->layer, "must be absolute");
    }
    return {};
}

Result<void> check_namespaces(const Spec& spec) {
    const Namespaces& ns = spec.namespaces;
    if (!spec.hostname.empty() && !ns.uts) return refuse("hostname", "needs namespaces.uts");
    if (!spec.domainname.empty() && !ns.uts) return refuse("domainname", "needs namespaces.uts");
    // __NEW_UTS_LEN in the kernel.
    if (spec.hostname.size() > 64) return refuse("hostname", "is longer than 64 bytes");
    if (spec.domainname.size() > 64) return refuse("domainname", "is longer than 64 bytes");
    TRY(check_text("hostname", spec.hostname));
    TRY(check_text("domainname", spec.domainname));
    if (spec.init == Init::none && !ns.pid) return refuse("init", "needs namespaces.pid");
    if (!spec.mounts.empty() && !ns.mount) return refuse("mounts", "need namespaces.mount");
    if (spec.lock_mounts && !ns.mount) return refuse("lock_mounts", "needs namespaces.mount");
    for (const Mount& mount : spec.mounts) {
        if (std::holds_alternative<Mqueue>(mount) && ns.user && !ns.ipc) {
            return refuse("mqueue", "needs namespaces.ipc");
        }
    }
    return {};
}

Result<void> check_hook(const Hook& hook) {
    if (hook.arguments.empty()) return refuse("hook", "has no program");
    const std::string& name = hook.arguments.front();
    if (!path::is_absolute(name)) return refuse_path("hook", name, "must be absolute");
    for (const auto* texts : {&hook.arguments, &hook.environment})
        for (const std::string& text : *texts)
            TRY(check_text("hook", text));
    if (hook.arguments.size() + hook.environment.size() > max_hook_texts) {
        return refuse_path(
            "hook", name,
            "has more than " + std::to_string(max_hook_texts) + " arguments and variables");
    }
    constexpr uint32_t day_s = 86'400;
    if (hook.timeout_s == 0 || hook.timeout_s > day_s) {
        return refuse_path("hook", name, "a timeout is from 1 to 86400 seconds");
    }
    return {};
}

Result<void> check_hooks(const Spec& spec) {
    const Hooks& hooks = spec.hooks;
    const bool some = !hooks.host.empty() || !hooks.guest.empty() || !hooks.peer.empty();
    // Half of its plan it carries out as another process, which hooks would not be told of.
    if (some && spec.subject == Subject::caller) {
        return refuse("hooks", "a process that enters runs none");
    }
    for (const auto* list : {&hooks.host, &hooks.guest, &hooks.peer})
        for (const Hook& hook : *list)
            TRY(check_hook(hook));
    return {};
}

Result<void> check_id(const char* field, std::optional<uint32_t> id) {
    if (id != UINT32_MAX) return {};
    return refuse(field, "4294967295 is no id (setresuid(2) takes it for “leave as it is”)");
}

Result<void> check_range(const IdRange& range) {
    const uint64_t last = std::max(range.inside, range.outside) + uint64_t{range.count} - 1;
    if (range.count == 0) return refuse("id_maps", "a range has at least one id");
    if (last >= UINT32_MAX) return refuse("id_maps", "a range goes beyond 4294967294");
    return {};
}

Result<void> check_ids(const Spec& spec) {
    const bool maps = !spec.id_maps.uids.empty() || !spec.id_maps.gids.empty();
    if (maps && !spec.namespaces.user) return refuse("id_maps", "need namespaces.user");
    if (spec.id_maps.uids.empty() != spec.id_maps.gids.empty()) {
        return refuse("id_maps", "need both uids and gids");
    }
    TRY(check_id("uid", spec.uid));
    TRY(check_id("gid", spec.gid));
    if (spec.groups) {
        for (const uint32_t group : *spec.groups)
            TRY(check_id("groups", group));
    }
    for (const IdRange& range : spec.id_maps.uids)
        TRY(check_range(range));
    for (const IdRange& range : spec.id_maps.gids)
        TRY(check_range(range));
    if (spec.groups && spec.namespaces.user && !maps) {
        return refuse("groups", "can't be set with a single-id map (user_namespaces(7))",
                      "map ranges");
    }
    if (spec.lock_mounts && maps) return refuse("lock_mounts", "can't go with id ranges");
    return {};
}

Result<void> check_descriptor_files(const Spec& spec) {
    std::vector<int> taken = spec.keep_descriptors;
    for (const DescriptorFile& file : spec.descriptor_files) {
        if (file.descriptor < 0) return refuse("descriptor_files", "need a descriptor's number");
        if (!file.from.empty() && !file.content.empty()) {
            return refuse("descriptor_files", "have either content or a file to copy");
        }
        TRY(check_text("descriptor_files", file.from));
        if (std::find(taken.begin(), taken.end(), file.descriptor) != taken.end()) {
            return refuse("descriptor_files",
                          "descriptor " + std::to_string(file.descriptor) + " is given twice");
        }
        taken.push_back(file.descriptor);
    }
    return {};
}

Result<void> check_process(const Spec& spec) {
    TRY(check_descriptor_files(spec));
    if (spec.seccomp && spec.seccomp->instructions.size() > BPF_MAXINSNS) {
        return refuse("seccomp", "has more than 4096 instructions");
    }
    if (spec.seccomp && spec.seccomp->instructions.empty()) {
        return refuse("seccomp", "has no instructions");
    }
    // One that gives up root would go on with it.
    if (spec.fake_root && !spec.no_new_privileges) {
        return refuse("fake_root", "needs no_new_privileges",
                      "set-id programs would believe that they have given up their ids");
    }
    if (spec.oom_score_adjust &&
        (*spec.oom_score_adjust < -1000 || *spec.oom_score_adjust > 1000)) {
        return refuse("oom_score_adjust", "must lie between -1000 and 1000");
    }
    for (const ResourceLimit& limit : spec.limits) {
        if (limit.soft > limit.hard) return refuse("limits", "a soft limit is above its hard one");
    }
    for (const int signal : spec.default_signals) {
        if (signal >= 1 && signal <= 64 && signal != SIGKILL && signal != SIGSTOP) continue;
        return refuse("default_signals", std::to_string(signal) + " has no action to set");
    }
    for (const int fd : spec.keep_descriptors) {
        if (fd < 3) return refuse("keep_descriptors", "0, 1 and 2 are kept anyway");
    }
    if (!spec.close_descriptors && !spec.keep_descriptors.empty()) {
        return refuse("keep_descriptors", "needs close_descriptors");
    }
    return {};
}

// What a sandbox that is there already has, one that joins it can't choose.
Result<void> check_join(const Spec& spec) {
    const auto taken = [](const char* field) {
        return refuse(field, "is that of the sandbox that is joined");
    };
    const Namespaces& ns = spec.namespaces;
    if (spec.join->namespaces.empty()) return refuse("join", "has no namespace to enter");
    for (const NamespaceHandle& one : spec.join->namespaces) {
        if ((one.kind & (CLONE_NEWPID | CLONE_NEWTIME)) == 0) continue;
        return refuse("join", "a process can't move into a pid or time namespace");
    }
    if (ns.user || ns.mount || ns.pid || ns.net || ns.ipc || ns.uts || ns.cgroup || ns.time) {
        return taken("namespaces");
    }
    if (spec.subject == Subject::caller) return refuse("join", "is for a program that is started");
    if (spec.root) return taken("root");
    if (spec.uid || spec.gid || spec.groups) return taken("uid, gid and groups");
    if (spec.offer_namespaces >= 0)
        return refuse("offer_namespaces", "needs namespaces of its own");
    return {};
}

Result<void> check_offer(const Spec& spec) {
    const Namespaces& ns = spec.namespaces;
    if (ns.pid || ns.time) {
        return refuse("offer_namespaces", "nobody can move into a pid or time namespace",
                      "joining goes without --private pid and time");
    }
    if (ns.user || ns.mount || ns.net || ns.ipc || ns.uts || ns.cgroup) return {};
    return refuse("offer_namespaces", "needs namespaces of its own");
}

}  // namespace

const std::string& destination_of(const Mount& mount) {
    return std::visit([](const auto& one) -> const std::string& { return one.to; }, mount);
}

Result<void> validate(const Spec& spec) {
    if (auto bad = check_namespaces(spec); !bad) return bad;
    if (auto bad = check_subject(spec); !bad) return bad;
    if (auto bad = check_root(spec); !bad) return bad;
    for (const Mount& mount : spec.mounts) {
        if (auto bad = check_mount(mount); !bad) return bad;
    }
    if (auto bad = check_ids(spec); !bad) return bad;
    if (spec.join) TRY(check_join(spec));
    if (spec.offer_namespaces >= 0) TRY(check_offer(spec));
    TRY(check_hooks(spec));
    return check_process(spec);
}

}  // namespace caisson
