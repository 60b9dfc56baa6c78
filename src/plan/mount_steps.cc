// SPDX-License-Identifier: Apache-2.0
//
// Steps about the file system: what is mounted, and where a mount point has to be made.
#include <errno.h>

#include <charconv>
#include <map>

#include "base/path.h"
#include "plan/merges.h"
#include "plan/root_steps.h"
#include "plan/steps_of.h"

namespace caisson::plan {
namespace {

// What stands at a place when a mount is about to go there.
enum class Ground {
    image,  // the root directory itself
    fresh,  // a file system made for the sandbox, where places can be made freely
    given,  // the host's, or the kernel's: nothing is made there
};

// A mount that was planned earlier. The last one of those at or above a place is what it lies on.
struct Cover {
    size_t number;
    Ground ground;
};

class Planner {
  public:
    explicit Planner(Wish& wish) : wish_(wish), root_(wish), merges_(wish, root_) {
        wish_.mounts.reserve(wish_.spec.mounts.size());
    }

    Result<void> plan() {
        for (const Mount& mount : wish_.spec.mounts) {
            std::visit([&](const auto& one) { add(one, path::tidy(one.to)); }, mount);
        }
        flush_files();
        if (missing_) return *missing_;
        return root_.append_steps();
    }

  private:
    // By name, not by what links in the image may make of it: a wrong guess is a message from the
    // child that the place is missing, never a mount elsewhere.
    Ground ground_of(const std::string& to) const {
        const Cover* last = nullptr;
        std::string_view at = to;
        while (at.size() > 1) {
            const auto found = covers_.find(at);
            if (found != covers_.end() && (!last || found->second.number > last->number)) {
                last = &found->second;
            }
            at = at.substr(0, at.rfind('/'));
        }
        if (last) return last->ground;
        return wish_.spec.root ? Ground::image : Ground::given;
    }

    void cover(const std::string& to, Ground ground) {
        covers_.insert_or_assign(to, Cover{covers_made_++, ground});
    }

    template <typename Kind>
    MakePoint point_for(const std::string& to, IfAbsent if_absent, Kind kind) {
        const Ground ground = ground_of(to);
        if (ground == Ground::given || if_absent == IfAbsent::skip) return MakePoint::never;
        if (ground == Ground::fresh) return kind();
        return root_.point_for(to, kind);
    }

    MakePoint directory_for(const std::string& to) {
        return point_for(to, IfAbsent::fail, [] { return MakePoint::directory; });
    }

    void append(step::Action action, Tolerate tolerate = Tolerate::nothing) {
        wish_.mounts.push_back({std::move(action), tolerate});
    }

    void add(const Bind& bind, const std::string& to) {
        flush_files();
        if (bind.mount == BindMount::merged && ground_of(to) == Ground::image &&
            merges_.add(bind, to)) {
            return cover(to, Ground::given);
        }
        const MakePoint make = point_for(to, bind.if_absent, [&] {
            const bool directory = wish_.host.look("/", bind.from) == Node::directory;
            return directory ? MakePoint::directory : MakePoint::file;
        });
        append(step::AttachBind{bind, make},
               bind.if_absent == IfAbsent::skip ? Tolerate::absence : Tolerate::nothing);
        cover(to, Ground::given);
    }

    void add_new(std::string type, std::vector<std::pair<std::string, std::string>> options,
                 const std::string& to, const MountAttributes& attributes, Ground ground) {
        flush_files();
        const MakePoint make = directory_for(to);
        append(step::AttachNew{std::move(type), std::move(options), to, attributes, make});
        cover(to, ground);
    }

    void add(const Tmpfs& tmpfs, const std::string& to) {
        char mode[12] = {};
        std::to_chars(std::begin(mode), std::end(mode) - 1, tmpfs.mode, 8);
        std::vector<std::pair<std::string, std::string>> options = {{"mode", mode}};
        if (!tmpfs.size.empty()) options.emplace_back("size", tmpfs.size);
        const Ground ground = tmpfs.attributes.read_only ? Ground::given : Ground::fresh;
        add_new("tmpfs", std::move(options), to, tmpfs.attributes, ground);
    }

    void add(const Proc& proc, const std::string& to) {
        add_new("proc", {}, to, proc.attributes, Ground::given);
    }
    void add(const Mqueue& mqueue, const std::string& to) {
        add_new("mqueue", {}, to, mqueue.attributes, Ground::given);
    }
    void add(const Devpts& devpts, const std::string& to) {
        add_new("devpts", {{"newinstance", ""}, {"ptmxmode", "0666"}, {"mode", "0620"}}, to,
                devpts.attributes, Ground::given);
    }

    void add(const Overlay& overlay, const std::string& to) {
        for (const std::string& layer : overlay.lower) {
            if (wish_.host.look("/", layer) == Node::directory) continue;
            missing_ =
                Error{"mounts", "overlay", layer, ENOENT, {}, "each layer has to be a directory"};
        }
        // The kernel wants a second layer; one alone is what a read-only bind shows.
        if (overlay.upper.empty() && overlay.lower.size() == 1) {
            MountAttributes attributes = overlay.attributes;
            attributes.read_only = true;
            return add(Bind{overlay.lower[0], overlay.to, attributes, true, IfAbsent::fail}, to);
        }
        std::string lower;
        for (const std::string& layer : overlay.lower) {
            if (!lower.empty()) lower += ':';
            for (const char c : layer) {
                if (c == ':' || c == '\\') lower += '\\';
                lower += c;
            }
        }
        std::vector<std::pair<std::string, std::string>> options = {{"lowerdir", lower}};
        if (!overlay.upper.empty()) {
            options.emplace_back("upperdir", overlay.upper);
            options.emplace_back("workdir", overlay.work);
        }
        if (!has_trusted_attributes(wish_)) options.emplace_back("userxattr", "");
        add_new("overlay", std::move(options), to, overlay.attributes, Ground::given);
    }

    void add(const MinimalDev&, const std::string& to) {
        flush_files();
        append_minimal_dev(wish_.mounts, to, directory_for(to) != MakePoint::never);
        cover(to, Ground::fresh);
    }

    void add(const Symlink& link, const std::string& to) {
        flush_files();
        const Ground ground = ground_of(to);
        const bool thrown_away =
            ground == Ground::fresh ||
            (ground == Ground::image && wish_.spec.root->writes == RootWrites::discarded);
        if (!thrown_away) {
            missing_ = Error{"spec",
                             "symlink",
                             to,
                             0,
                             "would stay behind: the place is not made for the sandbox",
                             "-W makes a place for all of them"};
        }
        append(step::MakeSymlink{link.target, to});
    }

    // Files that follow each other share one step, and so one private tmpfs.
    void add(const GeneratedFile& file, const std::string& to) {
        const MakePoint make = point_for(to, file.if_absent, [] { return MakePoint::file; });
        if (!files_.files.empty() && files_.make != make) flush_files();
        files_.make = make;
        files_.files.push_back(file);
        cover(to, Ground::given);
    }

    void flush_files() {
        if (!files_.files.empty()) append(std::move(files_));
        files_ = {};
    }

    Wish& wish_;
    RootSteps root_;
    Merges merges_;
    std::map<std::string, Cover, std::less<>> covers_;  // by place: thousands are a fair wish
    size_t covers_made_ = 0;
    std::optional<Error> missing_;
    step::AttachFiles files_;
};

}  // namespace

Result<void> plan_mounts(Wish& wish) {
    return Planner(wish).plan();
}

}  // namespace caisson::plan
