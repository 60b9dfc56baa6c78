// SPDX-License-Identifier: Apache-2.0
//
// THE place where the order is decided. Everything that depends on the host is decided here too,
// so that the child only carries out.
#include <sched.h>

#include "base/try.h"
#include "plan/steps_of.h"
#include "spec/validate.h"

namespace caisson {
namespace {

using plan::Steps;
using plan::Wish;

struct Row {
    const char* name;
    Side side;
    Steps (*steps)(Wish&);
};

// A row without steps leaves no phase. A name that stands twice has steps in at most one place.
constexpr Row order[] = {
    {"guard", Side::child, plan::guard},
    // Ids first: without them this process is nobody, who may do nothing.
    {"id-maps", Side::child, plan::own_id_maps},
    {"id-maps", Side::parent, plan::range_id_maps},
    // A caller that enters goes on as process 2 from here on: it opens its own /proc/self while
    // there is one to see.
    {"die-with-parent", Side::child, plan::entered_init_dies_with_parent},
    {"init", Side::child, plan::entered_init},
    {"session", Side::child, plan::session},
    {"stdio", Side::child, plan::stdio},
    {"loopback", Side::child, plan::loopback},
    {"hostname", Side::child, plan::hostname},
    {"proc-self", Side::child, plan::proc_self},
    // In place of root, mounts and pivot. After stdio, whose descriptors are the caller's.
    {"join", Side::child, plan::join},
    {"root", Side::child, [](Wish& wish) { return std::move(wish.root); }},
    // Before the pivot: a user namespace may mount a fresh /proc only while it can see the host's
    // (mount_too_revealing() in the kernel), and bind sources are the host's paths.
    {"mounts", Side::child, [](Wish& wish) { return std::move(wish.mounts); }},
    {"host-hooks", Side::parent, plan::host_hooks},
    // After the last mount that could take ours along, before the last look at the host's paths.
    {"executable", Side::child, plan::executable},
    {"pivot", Side::child, plan::pivot},
    {"identity", Side::child, plan::identity_before_lock},
    {"lock-mounts", Side::child, plan::lock_mounts},
    // After the pivot, and after the last change of the mount namespace.
    {"mountinfo", Side::child, plan::mountinfo},
    // Behind the lock, so that they can undo no mount either.
    {"guest-hooks", Side::child, plan::guest_hooks},
    // Once nothing about the namespaces changes any more, and while the descriptor is still open.
    {"offer", Side::child, plan::offer},
    {"peer-hooks", Side::child, plan::peer_hooks},
    {"cwd", Side::child, plan::working_directory},
    {"die-with-parent", Side::child, plan::init_dies_with_parent},
    {"init", Side::child, plan::init},
    {"limits", Side::child, plan::limits},
    {"identity", Side::child, plan::identity},
    // After the ids: a change of them disarms the signal (PR_SET_PDEATHSIG(2const)).
    {"die-with-parent", Side::child, plan::die_with_parent},
    // After the last phase that has a descriptor of ours to look at.
    {"fds", Side::child, plan::descriptors},
    {"capabilities", Side::child, plan::capabilities},
    {"privileges", Side::child, plan::privileges},
    // Last: a filter may refuse what any phase before it needs.
    {"seccomp", Side::child, plan::seccomp},
};

// Asks only what the Spec needs: each question may cost a system call.
KernelInterfaces choose_interfaces(const Spec& spec, const Host& host) {
    KernelInterfaces kernel;
    if (spec.join) kernel.openat2 = host.has(KernelFeature::openat2);
    if (spec.offer_namespaces >= 0) kernel.pidfd = host.has(KernelFeature::pidfd);
    const bool enters = spec.subject == Subject::caller;
    if (spec.root || !spec.mounts.empty() || enters) {
        kernel.mount_trees = host.has(KernelFeature::mount_trees);
        kernel.openat2 = host.has(KernelFeature::openat2);
        kernel.open_tree_attr = kernel.mount_trees && host.has(KernelFeature::open_tree_attr);
    }
    const bool hooks = plan::has_hooks(spec);
    if (spec.close_descriptors || hooks) {
        kernel.close_range = host.has(KernelFeature::close_range);
    }
    if (spec.namespaces.pid || spec.namespaces.time || enters) {
        kernel.clone3 = host.has(KernelFeature::clone3);
    }
    if (spec.namespaces.pid || spec.namespaces.time || enters || hooks) {
        kernel.pidfd = host.has(KernelFeature::pidfd);
    }
    return kernel;
}

// What there is no older way for.
Result<void> check_kernel(const Spec& spec, const KernelInterfaces& kernel, const Host& host) {
    const auto lacks = [](const char* field, const char* call) {
        return Error{
            "spec", field, {}, 0, std::string("needs ") + call + ", which this kernel lacks", {}};
    };
    if (spec.namespaces.time && !kernel.clone3) return lacks("namespaces.time", "clone3(2)");
    if (spec.subject == Subject::program) return {};
    if (!kernel.pidfd) return lacks("subject", "pidfd_open(2)");
    // What else would cut /proc/self/fd off.
    if (!kernel.mount_trees && (spec.namespaces.mount || host.is_privileged())) {
        return lacks("subject", "open_tree(2)");
    }
    return {};
}

}  // namespace

Result<Plan> compile(const Spec& spec, const Host& host) {
    TRY(validate(spec));
    Plan plan;
    plan.namespaces = plan::namespace_flags(spec.namespaces);
    plan.kernel = choose_interfaces(spec, host);
    plan.has_root = spec.root.has_value() || spec.join.has_value();
    plan.subject = spec.subject;
    TRY(check_kernel(spec, plan.kernel, host));
    Wish wish{spec, host, plan.kernel, {}, {}};
    TRY(plan::plan_mounts(wish));
    for (const Row& row : order) {
        Steps steps = row.steps(wish);
        if (!steps.empty()) TRY(plan.append({row.name, row.side, std::move(steps)}));
    }
    return plan;
}

}  // namespace caisson
