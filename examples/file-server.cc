// SPDX-License-Identifier: Apache-2.0
//
// file-server [--kill|--log|--trap] ADDRESS PORT DIRECTORY: serves the files of one directory over
// HTTP, and locks itself into that directory before it reads the first request. It prints
// "listening on PORT" once it is inside; PORT 0 lets the kernel choose one.
//
// What keeps a request within DIRECTORY is not this program's reading of paths but that there is
// nothing else: DIRECTORY is its `/`. A symbolic link is followed, and `..` goes up, within it.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <httplib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "caisson/enter.h"
#include "caisson/fd.h"
#include "caisson/host.h"
#include "caisson/plan.h"
#include "caisson/policy.h"

namespace {

struct Request {
    std::optional<caisson::CallRefusal> refusal;
    std::string address;
    int port = 0;
    std::string directory;
};

std::string escaped_for_html(const std::string& text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string escaped_for_url(const std::string& name) {
    std::string out;
    for (const unsigned char c : name) {
        char hex[4];
        const bool plain = isalnum(c) || strchr("-._~/", c);
        snprintf(hex, sizeof hex, plain ? "%c" : "%%%02X", c);
        out += hex;
    }
    return out;
}

const char* type_of(const std::string& path) {
    static constexpr struct {
        const char* end;
        const char* type;
    } types[] = {{".html", "text/html; charset=utf-8"},
                 {".css", "text/css"},
                 {".js", "text/javascript"},
                 {".json", "application/json"},
                 {".txt", "text/plain; charset=utf-8"},
                 {".svg", "image/svg+xml"},
                 {".png", "image/png"},
                 {".jpg", "image/jpeg"},
                 {".pdf", "application/pdf"}};
    for (const auto& [end, type] : types) {
        const size_t size = strlen(end);
        if (path.size() > size && path.compare(path.size() - size, size, end) == 0) return type;
    }
    return "application/octet-stream";
}

void refuse(httplib::Response& response, int status, const char* why) {
    response.status = status;
    response.set_content(std::string(why) + "\n", "text/plain");
}

// What errno says of a look-up, as HTTP says it.
void refuse_for_errno(httplib::Response& response) {
    switch (errno) {
        case EACCES:
        case EPERM:
            return refuse(response, 403, "forbidden");
        case ENOENT:
        case ENOTDIR:
        case ELOOP:
        case ENAMETOOLONG:
            return refuse(response, 404, "not found");
        default:
            return refuse(response, 500, "can't be read");
    }
}

void list(int fd, const std::string& path, httplib::Response& response) {
    const std::unique_ptr<DIR, int (*)(DIR*)> open(fdopendir(dup(fd)), closedir);
    if (!open) return refuse_for_errno(response);
    std::vector<std::string> names;
    while (const dirent* entry = readdir(open.get())) {
        if (strcmp(entry->d_name, ".") == 0) continue;
        names.push_back(std::string(entry->d_name) + (entry->d_type == DT_DIR ? "/" : ""));
    }
    std::sort(names.begin(), names.end());
    const std::string title = "Index of " + escaped_for_html(path);
    std::string body =
        "<!doctype html>\n<title>" + title + "</title>\n<h1>" + title + "</h1>\n<ul>\n";
    for (const std::string& name : names) {
        body +=
            "<li><a href=\"./" + escaped_for_url(name) + "\">" + escaped_for_html(name) + "</a>\n";
    }
    response.set_content(body + "</ul>\n", "text/html; charset=utf-8");
}

// In pieces, as the connection takes them: httplib answers ranges and HEAD out of this.
void send(std::shared_ptr<caisson::Fd> file, size_t size, const std::string& path,
          httplib::Response& response) {
    if (size == 0) return response.set_content("", type_of(path));
    response.set_content_provider(
        size, type_of(path),
        [file = std::move(file)](size_t offset, size_t length, httplib::DataSink& sink) {
            char buffer[64 * 1024];
            const ssize_t got = pread(file->get(), buffer, std::min(length, sizeof buffer),
                                      static_cast<off_t>(offset));
            return got > 0 && sink.write(buffer, static_cast<size_t>(got));
        });
}

void answer(const httplib::Request& request, httplib::Response& response) {
    const std::string& path = request.path;
    if (path.empty() || path[0] != '/' || path.find('\0') != std::string::npos) {
        return refuse(response, 400, "no such path");
    }
    // Neither waits for a pipe's other end nor takes a terminal.
    constexpr int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    auto file = std::make_shared<caisson::Fd>(open(path.c_str(), flags));
    struct stat found {};
    if (!*file || fstat(file->get(), &found) < 0) return refuse_for_errno(response);
    if (S_ISREG(found.st_mode)) {
        return send(std::move(file), static_cast<size_t>(found.st_size), path, response);
    }
    if (!S_ISDIR(found.st_mode)) return refuse(response, 403, "is no file");
    if (path.back() != '/') {  // or its relative links would lead astray
        return response.set_redirect(escaped_for_url(path) + "/", 301);
    }
    const std::string index = path + "index.html";
    auto page = std::make_shared<caisson::Fd>(openat(file->get(), "index.html", flags));
    if (*page && fstat(page->get(), &found) == 0 && S_ISREG(found.st_mode)) {
        return send(std::move(page), static_cast<size_t>(found.st_size), index, response);
    }
    list(file->get(), path, response);
}

// The process serves and needs nothing but to read: no capability, a read-only root.
caisson::Result<caisson::Plan> plan_for(const Request& wanted, int socket) {
    const auto host = caisson::this_host();
    caisson::Spec spec =
        caisson::spec_for_entering(wanted.directory, caisson::EnterMode::namespaces, *host);
    spec.root->writes = caisson::RootWrites::refused;
    spec.root->attributes.noexec = true;
    spec.capabilities = caisson::CapabilitySet::none();
    spec.keep_descriptors = {socket};
    if (wanted.refusal) {
        auto filter = caisson::allow_list(caisson::file_server_calls(), *wanted.refusal);
        if (!filter) return filter.error();
        spec.seccomp = std::move(filter).value();
    }
    return caisson::compile(spec, *host);
}

int fail(const std::string& what) {
    fprintf(stderr, "file-server: %s\n", what.c_str());
    return 1;
}

int serve(const Request& wanted) {
    httplib::Server server;
    int socket = -1;
    server.set_socket_options([&](socket_t made) { socket = made; });
    int port = wanted.port;
    const bool bound = port != 0 ? server.bind_to_port(wanted.address.c_str(), port)
                                 : (port = server.bind_to_any_port(wanted.address.c_str())) > 0;
    if (!bound) return fail("can't listen on " + wanted.address);
    const auto plan = plan_for(wanted, socket);
    if (!plan) return fail(plan.error().text());

    // Before the server starts its threads.
    auto entered = caisson::enter(plan.value());
    if (!entered) return fail(entered.error().text());
    if (auto* supervisor = std::get_if<caisson::Supervisor>(&entered.value())) {
        close(socket);
        caisson::end_like(supervisor->supervise());
    }
    printf("listening on %d\n", port);
    fflush(stdout);
    server.Get("/.*", answer);  // and HEAD
    return server.listen_after_bind() ? 0 : fail("can't accept connections");
}

std::optional<caisson::CallRefusal> refusal_of(const std::string& option) {
    if (option == "--kill") return caisson::CallRefusal::kill;
    if (option == "--log") return caisson::CallRefusal::log;
    if (option == "--trap") return caisson::CallRefusal::trap;
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    Request wanted;
    int at = 1;
    if (at < argc && (wanted.refusal = refusal_of(argv[at]))) at++;
    if (argc - at != 3) {
        fprintf(stderr, "usage: %s [--kill|--log|--trap] ADDRESS PORT DIRECTORY\n", argv[0]);
        return 2;
    }
    wanted.address = argv[at];
    wanted.port = atoi(argv[at + 1]);
    wanted.directory = argv[at + 2];
    return serve(wanted);
}
