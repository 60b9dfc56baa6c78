// SPDX-License-Identifier: Apache-2.0
//
// Reads JSON whose author is not trusted: types are looked at before values, and nothing throws.
#pragma once

#include <limits.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/path.h"

namespace caisson::devices {

using Json = nlohmann::json;

enum class Need { optional, required };

// The first thing that is wrong with a file.
struct Complaint {
    std::string text;

    void say(const std::string& where, const char* what) {
        if (text.empty()) text = where + " " + what;
    }
};

inline bool has_dotdot(const std::string& path) {
    return ("/" + path + "/").find("/../") != std::string::npos;
}

// The members of one object. Once something is wrong, what is read is empty.
class Members {
  public:
    // `where` is the object's own name in complaints; "" for the whole file.
    Members(Complaint& complaint, const Json& json, std::string where)
        : complaint_(complaint), json_(json), where_(std::move(where)) {
        if (!json.is_object()) complaint_.say(where_.empty() ? "the file" : where_, "is no object");
    }

    std::string where(const std::string& key) const {
        return where_.empty() ? key : where_ + "." + key;
    }
    void complain(const std::string& key, const char* what) { complaint_.say(where(key), what); }

    // Null where it is missing.
    const Json* find(const char* key, Need need = Need::optional) {
        known_.emplace_back(key);
        if (json_.is_object()) {
            const auto found = json_.find(key);
            if (found != json_.end()) return &*found;
        }
        if (need == Need::required) complain(key, "is missing");
        return nullptr;
    }

    std::string text(const char* key, Need need = Need::optional) {
        const Json* found = find(key, need);
        return found ? text_of(*found, where(key)) : std::string();
    }

    std::string absolute_path(const char* key, Need need) {
        std::string path = text(key, need);
        if (path.empty() && need == Need::optional) return path;
        if (!path::is_absolute(path)) complain(key, "is no absolute path");
        if (has_dotdot(path)) complain(key, "has a .. in it");
        if (path.size() >= PATH_MAX) complain(key, "is longer than a path can be");
        return path;
    }

    std::vector<std::string> texts(const char* key) {
        std::vector<std::string> out;
        each(key, Need::optional,
             [&](const Json& one, const std::string& name) { out.push_back(text_of(one, name)); });
        return out;
    }

    // Calls use(element, its name in complaints) for each of an array's.
    template <typename Use>
    void each(const char* key, Need need, Use use) {
        const Json* found = find(key, need);
        if (!found) return;
        if (!found->is_array()) return complain(key, "is no list");
        for (size_t i = 0; i < found->size() && complaint_.text.empty(); i++) {
            use((*found)[i], where(key) + "[" + std::to_string(i) + "]");
        }
    }

    // To be called once all that is known has been asked for.
    void refuse_unknown() {
        if (!json_.is_object()) return;
        for (auto member = json_.begin(); member != json_.end(); ++member) {
            if (std::find(known_.begin(), known_.end(), member.key()) == known_.end()) {
                complain(member.key(), "is not in the specification");
            }
        }
    }

  private:
    std::string text_of(const Json& json, const std::string& name) {
        const std::string* text = json.get_ptr<const std::string*>();
        if (!text) {
            complaint_.say(name, "is no text");
            return {};
        }
        if (text->find('\0') != std::string::npos) complaint_.say(name, "has a NUL in it");
        return *text;
    }

    Complaint& complaint_;
    const Json& json_;
    std::string where_;
    std::vector<std::string> known_;
};

}  // namespace caisson::devices
