// SPDX-License-Identifier: Apache-2.0
//
// `caisson run` with any words at all: one a line. Whatever they are, there is a plan whose text
// has a line for each step, or an Error whose text is one line.
#include "caisson/plan.h"
#include "cli/option_table.h"
#include "cli/run_request.h"
#include "cli/run_spec.h"
#include "fuzz/seeds.h"
#include "unit/fake_host.h"

namespace {

using namespace caisson;

bool is_one_line(const std::string& text) {
    return !text.empty() && text.find('\n') == std::string::npos;
}

// --set-env and --trace name files; the words of a fuzzer must not lead to the real ones.
bool names_a_file(std::string_view word) {
    return word.starts_with("--s") || word.starts_with("--tr");
}

// --status-fd and --keep-fd only look whether a descriptor is open.
void check(std::vector<std::string> words) {
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    Result<cli::RunRequest> request = cli::parse_run(static_cast<int>(words.size()), argv.data());
    if (!request) return fuzz::require(is_one_line(request.error().text()));
    request.value().image = "/";
    request.value().guest_environment = false;
    for (const FakeHost& host : {FakeHost(), FakeHost::root()}) {
        const char* const environment[] = {"PATH=/bin", nullptr};
        const Result<cli::Wanted> wanted = cli::wanted_by(request.value(), host, environment);
        if (!wanted) {
            fuzz::require(is_one_line(wanted.error().text()));
            continue;
        }
        const Result<Plan> plan = compile(wanted.value().spec, host);
        fuzz::require(plan ? !plan.value().text(&wanted.value().program).empty()
                           : is_one_line(plan.error().text()));
    }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    fuzz::write_seeds({
        "/\nls\n-l",
        "-b\n/srv:/mnt:ro,nosuid,norec,try\n--tmpfs=/t:size=1m,mode=1777\n/",
        "--mount=type=bind,src=/a,dst=/b,ro=false,bind-propagation=rslave\n/",
        "--mount=type=overlay,lowerdir=/a:/b,upperdir=/u,workdir=/w,dst=/o\n/",
        "--mount\ntype=tmpfs,dst=/t,tmpfs-size=5%,tmpfs-mode=700\n/",
        "--id-map=u:0:1000:1,g:0:1000:1,1:100000:65536\n-u0\n-g\n0\n/",
        "--rlimit=nofile=1024:4096\n--rlimit\ncore=unlimited\n--timeout=1.5m\n/",
        "--cap-add=CAP_CHOWN,kill\n--cap-drop=all\n--private=pid,net,uts\n--hostname=h\n/",
        "-W10%\n--dev=minimal\n--private\nall\n--no-init\n--keep-fd=2\n--close-fds=no\n/",
        "-twc\n/home\n--unset-env=A*\n--clear-env\n--status-fd=1\n--explain\n/",
    });
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    std::vector<std::string> words = {"run"};
    std::string_view text(reinterpret_cast<const char*>(data), size);
    while (!text.empty() && words.size() < 40) {
        const size_t end = text.find('\n');
        const std::string_view word = text.substr(0, end);
        // No argument of a process has a NUL.
        words.emplace_back(word.substr(0, word.find('\0')));
        if (names_a_file(words.back())) words.pop_back();
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    check(std::move(words));
    return 0;
}
