// SPDX-License-Identifier: Apache-2.0
#include "plan/describe.h"

#include <sched.h>
#include <string.h>

#include "base/text.h"

namespace caisson::plan {
namespace {

std::string attributes_of(const MountAttributes& attributes, bool recursive = false) {
    std::string out;
    if (attributes.read_only) out += recursive ? ", read-only with all below" : ", read-only";
    if (attributes.nosuid) out += ", nosuid";
    if (attributes.nodev) out += ", nodev";
    if (attributes.noexec) out += ", noexec";
    return out;
}

std::string made_as(MakePoint make) {
    if (make == MakePoint::directory) return ", making the directory if missing";
    if (make == MakePoint::file) return ", making the file if missing";
    return {};
}

std::string ranges_of(const std::vector<IdRange>& ranges) {
    std::string out;
    for (const IdRange& range : ranges) {
        if (!out.empty()) out += ", ";
        out += std::to_string(range.inside) + ":" + std::to_string(range.outside) + ":" +
               std::to_string(range.count);
    }
    return out;
}

std::string signal_name(int number) {
    const char* name = sigabbrev_np(number);  // none for real-time signals
    return name ? std::string("SIG") + name : "signal " + std::to_string(number);
}

struct Words {
    const Program* program;

    std::string operator()(const step::SignalOnParentDeath& s) const {
        const bool launched = s.when == step::SignalOnParentDeath::When::launched;
        const std::string scope = launched ? " (only with launch)" : "";
        if (s.signal == 0) return "no signal any more when the parent ends" + scope;
        return signal_name(s.signal) + " when the parent ends" + scope;
    }
    std::string operator()(const step::WriteFile& s) const {
        return "write " + s.path + " " + text::quoted(s.content);
    }
    std::string operator()(const step::WriteIdMaps& s) const {
        const bool helpers = s.through == step::WriteIdMaps::Through::helpers;
        return "map uids " + ranges_of(s.maps.uids) + " and gids " + ranges_of(s.maps.gids) +
               (helpers ? " through newuidmap and newgidmap" : "");
    }
    std::string operator()(const step::NewSession&) const { return "new session"; }
    std::string operator()(const step::Redirect& s) const {
        return "descriptor " + std::to_string(s.redirection.from) + " becomes " +
               std::to_string(s.redirection.to);
    }
    std::string operator()(const step::RedirectDescriptors&) const {
        if (!program || program->redirections.empty()) return "descriptors as the program asks";
        std::string out;
        for (const Redirection& one : program->redirections) {
            if (!out.empty()) out += ", ";
            out += std::to_string(one.from) + " becomes " + std::to_string(one.to);
        }
        return "descriptor " + out;
    }
    std::string operator()(const step::GiveSealedFile& s) const {
        const std::string what = s.file.from.empty()
                                     ? "file of " + std::to_string(s.file.content.size()) + " bytes"
                                     : "copy of " + s.file.from;
        return "sealed " + what + " on descriptor " + std::to_string(s.file.descriptor) +
               (s.never_executable ? "" : " (older kernel: may be made executable)");
    }
    std::string operator()(const step::BringUpLoopback&) const { return "bring up lo"; }
    std::string operator()(const step::SetHostname& s) const { return "host name " + s.name; }
    std::string operator()(const step::SetDomainname& s) const { return "domain name " + s.name; }
    std::string operator()(const step::SetAffinity& s) const {
        std::string cpus;
        for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
            if (CPU_ISSET(cpu, &s.cpus)) cpus += " " + std::to_string(cpu);
        }
        return "run on cpus" + cpus;
    }
    std::string operator()(const step::SetPersonality& s) const {
        char hex[24];
        snprintf(hex, sizeof hex, "0x%lx", s.persona);
        return std::string("personality ") + hex;
    }
    std::string operator()(const step::DefaultSignal& s) const {
        return "default action for " + signal_name(s.signal);
    }
    std::string operator()(const step::StopPropagation&) const {
        return "mounts from here on stay in this namespace";
    }
    std::string operator()(const step::RootFromDirectory& s) const {
        return "root is " + s.from + attributes_of(s.attributes, true);
    }
    std::string operator()(const step::RootFromOverlay& s) const {
        std::string out = "root is " + s.from + " under ";
        out += s.layer.empty() ? "a tmpfs" : "the changes in " + s.layer;
        if (!s.size.empty()) out += " of " + s.size;
        for (const MountPoint& point : s.points) {
            out += point.make == MakePoint::file ? ", with file " : ", with directory ";
            out += point.path;
        }
        for (const step::MakeSymlink& link : s.links)
            out += ", with symlink " + link.path + " to " + link.target;
        return out + attributes_of(s.attributes) + (s.user_xattr ? ", userxattr" : "");
    }
    std::string operator()(const step::AttachBind& s) const {
        const Bind& bind = s.bind;
        std::string out = "bind " + bind.from;
        if (bind.to != bind.from) out += " at " + bind.to;
        if (!bind.recursive) out += ", without mounts below";
        return out + attributes_of(bind.attributes, bind.recursive) + made_as(s.make);
    }
    std::string operator()(const step::AttachNew& s) const {
        std::string out = "new " + s.type + " at " + s.to;
        for (const auto& [key, value] : s.options) {
            out += " " + key;
            if (!value.empty()) out += "=" + value;
        }
        return out + attributes_of(s.attributes) + made_as(s.make);
    }
    std::string operator()(const step::AttachFiles& s) const {
        std::string out = "from a private tmpfs, read-only:";
        for (const GeneratedFile& file : s.files) {
            if (file.if_absent == IfAbsent::skip) out += " try";
            out += " " + file.to + " (" + std::to_string(file.content.size()) + " bytes)";
        }
        return out + made_as(s.make);
    }
    std::string operator()(const step::RootFromTmpfs&) const { return "root is an empty tmpfs"; }
    std::string operator()(const step::RestrictRoot& s) const {
        return "root becomes" + attributes_of(s.attributes).substr(1);
    }
    std::string operator()(const step::MakePlace& s) const {
        return (s.point.make == MakePoint::file ? "file " : "directory ") + s.point.path;
    }
    std::string operator()(const step::MakeSymlink& s) const {
        return "symlink " + s.path + " to " + s.target;
    }
    std::string operator()(const step::ProtectExecutable&) const {
        return "own executable becomes the one on a read-only mount";
    }
    std::string operator()(const step::Pivot&) const {
        return "new root becomes /, old root detached";
    }
    std::string operator()(const step::Chroot& s) const {
        return "root becomes " + s.directory + " by chroot";
    }
    std::string operator()(const step::OpenProcSelfFd& s) const {
        return std::string("open /proc/self/fd") +
               (s.cut_off ? ", cut off from what is above it" : "");
    }
    std::string operator()(const step::OpenMountinfo&) const { return "open /proc/self/mountinfo"; }
    std::string operator()(const step::HoldProcSelf&) const { return "hold /proc/self open"; }
    std::string operator()(const step::LockMounts& s) const {
        return "nested user and mount namespaces for uid " + std::to_string(s.uid) + " and gid " +
               std::to_string(s.gid);
    }
    std::string operator()(const step::JoinNamespaces& s) const {
        uint64_t kinds = 0;
        for (const NamespaceHandle& one : s.namespaces)
            kinds |= one.kind;
        return "enter the " + namespace_names(kinds) + " namespaces of the sandbox that is there";
    }
    std::string operator()(const step::OfferNamespaces& s) const {
        return "offer the " + namespace_names(s.kinds) + " namespaces to who comes to join";
    }
    std::string operator()(const step::ChangeDirectory&) const {
        if (!program) return "working directory of the program";
        if (program->directory.empty()) return "working directory as it is";
        return "working directory " + program->directory;
    }
    std::string operator()(const step::StartInit&) const {
        return "process 1 stays as the init, the program goes on as process 2";
    }
    std::string operator()(const step::SetLimit& s) const {
        const auto words = [](uint64_t value) {
            return value == UINT64_MAX ? "unlimited" : std::to_string(value);
        };
        return "limit " + std::to_string(s.limit.resource) + " soft " + words(s.limit.soft) +
               " hard " + words(s.limit.hard);
    }
    std::string operator()(const step::CloseDescriptors& s) const {
        std::string out = "close all descriptors but 0 1 2";
        for (const int fd : s.keep)
            out += " " + std::to_string(fd);
        const bool caller = s.subject == Subject::caller;
        return out + (caller ? " and those that were opened for the caller" : "");
    }
    std::string operator()(const step::SetIds& s) const {
        std::string out = "become";
        if (s.groups) {
            out += " groups (";
            for (const uint32_t group : *s.groups) {
                if (out.back() != '(') out += ' ';
                out += std::to_string(group);
            }
            out += ')';
        }
        if (s.gid) out += " gid " + std::to_string(*s.gid);
        if (s.uid) out += " uid " + std::to_string(*s.uid);
        return out + (s.keep_capabilities ? ", keeping capabilities" : "");
    }
    std::string operator()(const step::BoundCapabilities& s) const {
        return "capabilities: none but " + s.kept.text() + " from here on";
    }
    std::string operator()(const step::KeepCapabilities& s) const {
        return "capabilities: keep " + s.kept.text() + (s.ambient ? ", ambient" : "");
    }
    std::string operator()(const step::ForbidNewPrivileges&) const { return "no new privileges"; }
    std::string operator()(const step::InstallSeccomp& s) const {
        return "seccomp filter of " + std::to_string(s.program.instructions.size()) +
               " instructions" + (s.purpose.empty() ? "" : ": " + s.purpose);
    }
    std::string operator()(const step::CheckFakeRoot&) const {
        return "check that root's calls are faked";
    }
    std::string operator()(const step::RunHook& s) const {
        return "run " + text::join(s.hook.arguments, " ") + ", for " +
               std::to_string(s.hook.timeout_s) + " s at most";
    }
    std::string operator()(const step::Call& s) const {
        const bool copies = s.memory == step::Call::Memory::needs_a_copy;
        return "call " + s.name + (copies ? " (needs a copied address space)" : "");
    }
};

std::string kernel_words(const KernelInterfaces& kernel) {
    std::string out;
    const auto instead = [&](bool has, const char* words) {
        if (has) return;
        if (!out.empty()) out += ", ";
        out += words;
    };
    instead(kernel.mount_trees, "mount(2) for open_tree(2)");
    instead(kernel.openat2, "a component walk for openat2(2)");
    instead(kernel.close_range, "fcntl(2) for close_range(2)");
    instead(kernel.clone3, "clone(2) for clone3(2)");
    instead(kernel.pidfd, "process ids for pidfds");
    instead(kernel.open_tree_attr || !kernel.mount_trees, "open_tree(2) for open_tree_attr(2)");
    return out;
}

}  // namespace

std::string describe(const Step& step, const Program* program) {
    // One step is one line, whatever the paths in it are.
    const std::string words = text::escaped(std::visit(Words{program}, step.action));
    return step.tolerate == Tolerate::nothing ? words : "try " + words;
}

std::string namespace_names(uint64_t flags) {
    constexpr struct {
        uint64_t flag;
        const char* name;
    } known[] = {{CLONE_NEWUSER, "user"}, {CLONE_NEWNS, "mount"},     {CLONE_NEWPID, "pid"},
                 {CLONE_NEWNET, "net"},   {CLONE_NEWIPC, "ipc"},      {CLONE_NEWUTS, "uts"},
                 {CLONE_NEWTIME, "time"}, {CLONE_NEWCGROUP, "cgroup"}};
    std::string out;
    for (const auto& [flag, name] : known) {
        if (!(flags & flag)) continue;
        if (!out.empty()) out += ' ';
        out += name;
    }
    return out.empty() ? "none" : out;
}

}  // namespace caisson::plan

namespace caisson {

std::string Plan::text(const Program* program) const {
    std::string out = "namespaces: " + plan::namespace_names(namespaces) + "\n";
    const std::string instead = plan::kernel_words(kernel);
    if (!instead.empty()) out += "older kernel: " + instead + "\n";
    for (const Phase& phase : phases_) {
        out += phase.name + (phase.side == Side::parent ? " (parent)\n" : "\n");
        for (const Step& step : phase.steps) {
            out += "    " + plan::describe(step, program) + "\n";
        }
    }
    if (!program) return out;
    out += "exec\n    " + text::join(program->arguments, " ") + "\n";
    if (program->candidates.size() > 1) {
        out += "    looked for at " + text::join(program->candidates, " ") + "\n";
    }
    return out;
}

}  // namespace caisson
