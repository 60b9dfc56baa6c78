// SPDX-License-Identifier: Apache-2.0
#include "launch/accounts.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "caisson/fd.h"

namespace caisson {
namespace {

using Fields = std::vector<std::string>;

// The line whose third field is `id`, from a text of passwd(5)'s or group(5)'s form.
std::optional<Fields> find_line(std::string_view text, uint32_t id) {
    const std::string wanted = ":" + std::to_string(id) + ":";
    while (!text.empty()) {
        const size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        if (line.find(wanted) != std::string_view::npos) {
            Fields fields = text::split(line, ':');
            if (fields.size() >= 4 && fields[2] == std::to_string(id)) return fields;
        }
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return {};
}

// Reads on only until the line is found, which for most machines is the first read.
std::optional<Fields> find_in_file(const char* path, uint32_t id) {
    const Fd fd(::open(path, O_RDONLY | O_CLOEXEC));
    std::string text;
    char buffer[2048];
    ssize_t got;
    while (fd && (got = ::read(fd.get(), buffer, sizeof buffer)) > 0) {
        text.append(buffer, static_cast<size_t>(got));
        const size_t whole = text.rfind('\n');
        if (whole == std::string::npos) continue;
        if (auto fields = find_line({text.data(), whole}, id)) return fields;
        text.erase(0, whole + 1);
    }
    return find_line(text, id);
}

// What getent(1) prints for one key; empty where it knows nothing or is not there.
class Getent final : public NameServices {
  public:
    std::string line_of(const char* database, uint32_t id) const override;
};

std::string Getent::line_of(const char* database, uint32_t id) const {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return {};
    const Fd read_end(ends[0]);
    Fd write_end(ends[1]);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, write_end.get(), STDOUT_FILENO);
    const std::string key = std::to_string(id);
    char* argv[] = {const_cast<char*>("getent"), const_cast<char*>(database),
                    const_cast<char*>(key.c_str()), nullptr};
    pid_t pid = -1;
    const int error = posix_spawnp(&pid, "getent", &actions, nullptr, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    write_end.reset();
    if (error != 0) return {};
    std::string text;
    char buffer[1024];
    ssize_t got;
    while ((got = ::read(read_end.get(), buffer, sizeof buffer)) > 0) {
        text.append(buffer, static_cast<size_t>(got));
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return text;
}

std::optional<Account> find(const char* path, const char* database, uint32_t id,
                            const NameServices& services) {
    std::optional<Fields> fields = find_in_file(path, id);
    if (!fields) fields = find_line(services.line_of(database, id), id);
    if (!fields) return {};
    return Account{(*fields)[0], fields->size() >= 5 ? (*fields)[4] : std::string()};
}

}  // namespace

const NameServices& getent() {
    static constexpr Getent services;
    return services;
}

std::optional<Account> find_user(uint32_t uid, const NameServices& services) {
    return find("/etc/passwd", "passwd", uid, services);
}
std::optional<Account> find_group(uint32_t gid, const NameServices& services) {
    return find("/etc/group", "group", gid, services);
}

std::vector<IdRange> find_subordinate_ids(const std::string& path, uint32_t uid,
                                          const NameServices& services) {
    std::vector<IdRange> ranges;
    const Result<std::string> content = file::read(path, "id-maps");
    if (!content) return ranges;
    const std::optional<Account> account = find_user(uid, services);
    for (const std::string& line : text::split(content.value(), '\n')) {
        const Fields fields = text::split(line, ':');
        if (fields.size() != 3) continue;
        const bool own =
            fields[0] == std::to_string(uid) || (account && fields[0] == account->name);
        const auto first = text::number(fields[1], UINT32_MAX);
        const auto count = text::number(fields[2], UINT32_MAX);
        if (!own || !first || !count) continue;
        ranges.push_back({0, static_cast<uint32_t>(*first), static_cast<uint32_t>(*count)});
    }
    return ranges;
}

}  // namespace caisson
