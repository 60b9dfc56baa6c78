// SPDX-License-Identifier: Apache-2.0
//
// The one place that knows the format, TOML 1.0 by toml++: it keeps the line of every value, works
// without exceptions, and is a header, so that a start which reads no file runs nothing of it.
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_FLOAT_CHARCONV 1  // else streams read floats, and bring all of the locales
#define TOML_ENABLE_WINDOWS_COMPAT 0
#include <toml++/toml.h>

#include <algorithm>

#include "base/text.h"
#include "base/try.h"
#include "cli/config.h"

namespace caisson::cli {
namespace {

class Reader {
  public:
    explicit Reader(const std::string& file) : file_(file) {}

    Result<Settings> read(const toml::table& table) {
        const std::vector<std::string> keys = {"storage", "bind", "set-env", "unset-env", "hooks"};
        for (const auto& [key, node] : table) {
            TRY(check_key(key, keys, ""));
            if (key == "hooks")
                TRY(read_hooks(node));
            else if (key == "storage")
                TRY(add("storage", node));
            else
                TRY(read_list(std::string(key.str()), node));
        }
        // A table is sorted by its keys; what was written first comes first.
        std::stable_sort(settings_.begin(), settings_.end(),
                         [](const Setting& a, const Setting& b) { return a.line < b.line; });
        return std::move(settings_);
    }

    Error wrong(const toml::source_region& where, const std::string& what, std::string reason,
                std::string hint = {}) const {
        const unsigned line = where.begin.line;
        return {"config",       file_ + ":" + std::to_string(line), what, 0, std::move(reason),
                std::move(hint)};
    }

  private:
    Result<void> check_key(const toml::key& key, const std::vector<std::string>& known,
                           const std::string& inside) const {
        const std::string name(key.str());
        if (std::find(known.begin(), known.end(), name) != known.end()) return {};
        const std::string near = text::nearest(name, known);
        return wrong(
            key.source(), inside + name, "there is no such key",
            near.empty() ? "there are: " + text::join(known, ", ") : "did you mean " + near + "?");
    }

    Result<std::string> string(const std::string& key, const toml::node& node) const {
        const auto* value = node.as_string();
        if (!value) return wrong(node.source(), key, "is no string");
        const std::string text = value->get();
        if (text.empty()) return wrong(node.source(), key, "must not be empty");
        if (text.find('\0') != text.npos) return wrong(node.source(), key, "has a NUL byte");
        return text;
    }

    Result<const toml::array*> array(const std::string& key, const toml::node& node) const {
        if (const auto* list = node.as_array()) return list;
        return wrong(node.source(), key, "is no array");
    }

    Result<void> add(const std::string& key, const toml::node& node) {
        settings_.push_back({key, TRY(string(key, node)), {}, file_, node.source().begin.line});
        return {};
    }

    Result<void> read_list(const std::string& key, const toml::node& node) {
        for (const toml::node& item : *TRY(array(key, node)))
            TRY(add(key, item));
        return {};
    }

    Result<void> read_hooks(const toml::node& node) {
        const auto* sides = node.as_table();
        if (!sides) return wrong(node.source(), "hooks", "is no table", "as [[hooks.host]]");
        for (const auto& [side, hooks] : *sides) {
            TRY(check_key(side, {"host", "guest", "peer"}, "hooks."));
            const std::string key = "hooks." + std::string(side.str());
            for (const toml::node& hook : *TRY(array(key, hooks)))
                TRY(read_hook(key, hook));
        }
        return {};
    }

    Result<std::vector<std::string>> strings(const std::string& key, const toml::node& node) const {
        std::vector<std::string> found;
        for (const toml::node& item : *TRY(array(key, node)))
            found.push_back(TRY(string(key, item)));
        return found;
    }

    Result<void> read_hook(const std::string& key, const toml::node& node) {
        const auto* table = node.as_table();
        if (!table) return wrong(node.source(), key, "is no table");
        Setting setting{key, {}, {}, file_, node.source().begin.line};
        for (const auto& [name, value] : *table) {
            TRY(check_key(name, {"run", "set-env", "timeout"}, key + "."));
            const std::string whole = key + "." + std::string(name.str());
            if (name == "run") setting.hook.arguments = TRY(strings(whole, value));
            if (name == "set-env") setting.hook.environment = TRY(strings(whole, value));
            if (name == "timeout") setting.hook.timeout_s = TRY(seconds(whole, value));
        }
        const auto& run = setting.hook.arguments;
        if (run.empty()) return wrong(node.source(), key, "needs run, a program and its arguments");
        if (run.front()[0] != '/') return wrong(node.source(), run.front(), "must be absolute");
        setting.value = run.front();
        settings_.push_back(std::move(setting));
        return {};
    }

    Result<uint32_t> seconds(const std::string& key, const toml::node& node) const {
        const auto* value = node.as_integer();
        if (!value || value->get() < 1 || value->get() > 86'400) {
            return wrong(node.source(), key, "is no number of seconds from 1 to 86400");
        }
        return static_cast<uint32_t>(value->get());
    }

    std::string file_;
    Settings settings_;
};

}  // namespace

Result<Settings> parse_settings(std::string_view content, const std::string& file) {
    const toml::parse_result parsed = toml::parse(content, file);
    Reader reader(file);
    if (!parsed) {
        return reader.wrong(parsed.error().source(), {}, std::string(parsed.error().description()),
                            "the format is TOML");
    }
    return reader.read(parsed.table());
}

}  // namespace caisson::cli
