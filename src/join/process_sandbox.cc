// SPDX-License-Identifier: Apache-2.0
//
// The sandbox that a process is in, by what /proc shows of it.
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "base/try.h"
#include "caisson/join.h"
#include "child/offer.h"
#include "join/order.h"

namespace caisson {
namespace {

// The directory of one process stays that process's: once it is gone, look-ups in it fail.
struct Process {
    Fd directory;
    std::string path;  // for messages

    Error failed(const char* operation, const std::string& name) const {
        const bool gone = errno == ESRCH || errno == ENOENT;
        const bool refused = errno == EACCES || errno == EPERM;
        return {"join",
                operation,
                path + "/" + name,
                gone ? ENOENT : errno,
                {},
                gone      ? "there is no such process"
                : refused ? "only one's own processes can be joined, and none that keeps others out"
                          : ""};
    }

    Result<Fd> open(const char* name) const {
        const int fd = openat(directory.get(), name, O_RDONLY | O_CLOEXEC);
        if (fd < 0) return failed("open", name);
        return Fd(fd);
    }

    Result<std::string> read(const char* name) const {
        return file::read(TRY(open(name)), path + "/" + name, "join");
    }

    // Whether it has another namespace than this process. A kernel may lack the kind.
    Result<bool> differs_in(const char* name) const {
        struct stat theirs = {}, own = {};
        if (stat(("/proc/self/" + std::string(name)).c_str(), &own) < 0) return false;
        if (fstatat(directory.get(), name, &theirs, 0) < 0) return failed("stat", name);
        return theirs.st_dev != own.st_dev || theirs.st_ino != own.st_ino;
    }
};

Result<Process> open_process(pid_t pid) {
    Process process;
    process.path = "/proc/" + std::to_string(pid);
    process.directory.reset(open(process.path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!process.directory) return process.failed("open", "ns/user");
    return process;
}

// The words behind "NAME:" in proc_pid_status(5).
std::vector<std::string> field(const std::string& status, const std::string& name) {
    std::vector<std::string> words;
    for (const std::string& line : text::split(status, '\n')) {
        if (!line.starts_with(name + ":\t")) continue;
        for (const std::string& part : text::split(line.substr(name.size() + 2), '\t')) {
            for (std::string& word : text::split(part, ' ')) {
                if (!word.empty()) words.push_back(std::move(word));
            }
        }
    }
    return words;
}

std::optional<uint32_t> id_in(const std::vector<std::string>& words, size_t index) {
    if (index >= words.size()) return {};
    const auto number = text::number(words[index], UINT32_MAX - 1);
    if (!number) return {};
    return static_cast<uint32_t>(*number);
}

// By what number the caller goes behind a uid_map, which is read as "INSIDE OUTSIDE COUNT" lines.
uint32_t mapped(const std::string& map, uint32_t outside) {
    for (const std::string& line : text::split(map, '\n')) {
        unsigned long first_inside = 0, first_outside = 0, count = 0;
        if (sscanf(line.c_str(), "%lu %lu %lu", &first_inside, &first_outside, &count) != 3)
            continue;
        if (outside < first_outside || outside - first_outside >= count) continue;
        return static_cast<uint32_t>(first_inside + (outside - first_outside));
    }
    return 65534;  // what the kernel shows for an id without a mapping
}

void read_restrictions(const std::string& status, ExistingSandbox& sandbox) {
    const auto permitted = field(status, "CapPrm");
    const auto no_new_privileges = field(status, "NoNewPrivs");
    sandbox.capabilities = permitted.empty()
                               ? CapabilitySet::none()
                               : CapabilitySet(strtoull(permitted.front().c_str(), nullptr, 16));
    // Since 4.10; a kernel that does not say is taken at its worst.
    sandbox.no_new_privileges = no_new_privileges.empty() || no_new_privileges.front() != "0";
}

// Only in the caller's own user namespace do the numbers mean the same here and there.
void read_ids(const std::string& status, ExistingSandbox& sandbox) {
    const auto uid = id_in(field(status, "Uid"), 1);
    const auto gid = id_in(field(status, "Gid"), 1);
    if (uid) sandbox.uid = *uid;
    if (uid == geteuid() && gid == getegid()) return;
    sandbox.sets_ids = true;
    sandbox.set_uid = uid;
    sandbox.set_gid = gid;
    sandbox.set_groups.emplace();
    const auto groups = field(status, "Groups");
    for (size_t i = 0; i < groups.size(); i++) {
        if (const auto group = id_in(groups, i)) sandbox.set_groups->push_back(*group);
    }
}

}  // namespace

Result<ProcessSandbox> ProcessSandbox::of(pid_t pid) {
    const Process process = TRY(open_process(pid));
    ProcessSandbox found;
    for (const child::NamespaceFile& file : child::namespace_files) {
        if (!TRY(process.differs_in(file.name))) continue;
        found.held_.push_back(TRY(process.open(file.name)));
        found.sandbox_.namespaces.push_back({file.kind, found.held_.back().get()});
    }
    for (const char* name : {"ns/pid", "ns/time"}) {
        if (!TRY(process.differs_in(name))) continue;
        return Error{"join",
                     "setns",
                     process.path + "/" + name,
                     0,
                     "a process can't move into a pid or time namespace",
                     {}};
    }
    ExistingSandbox& sandbox = found.sandbox_;
    if (sandbox.namespaces.empty()) {
        return Error{"join",
                     "setns",
                     process.path + "/ns",
                     0,
                     "the process is in no namespace that this one is not in",
                     {}};
    }
    const std::string status = TRY(process.read("status"));
    read_restrictions(status, sandbox);
    sandbox.namespaces = join::in_order(sandbox.namespaces, found.held_);
    const auto is_user = [](const NamespaceHandle& one) { return one.kind == CLONE_NEWUSER; };
    if (std::ranges::any_of(sandbox.namespaces, is_user)) {
        sandbox.uid = mapped(TRY(process.read("uid_map")), geteuid());
    } else {
        read_ids(status, sandbox);
    }
    return found;
}

}  // namespace caisson
