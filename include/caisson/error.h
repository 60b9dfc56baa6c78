// SPDX-License-Identifier: Apache-2.0
//
// Errors as values. The library never prints, never exits and throws nothing of its own: a call
// that can fail returns Result<T>, which holds either the T or an Error that says which phase of
// the start failed, in which operation, on what, and why.
#pragma once

#include <string>
#include <utility>
#include <variant>

#pragma GCC visibility push(default)
namespace caisson {

// `phase: operation "subject": reason (hint)`, each part for itself so that a program can act on
// it.
struct Error {
    std::string phase;      // a phase's name, or the stage before one: "options", "spec", "image"
    std::string operation;  // a system call's name, or what was checked; may be empty
    std::string subject;    // the path, name or number as the user wrote it; may be empty
    int errno_value = 0;    // from errno(3), only where a system call gave it; 0 otherwise
    std::string reason;     // used where errno_value is 0; strerrordesc_np(3)'s words otherwise
    std::string hint;       // what a person can do about it; may be empty

    // The one line that every door prints behind its own name.
    std::string text() const;
};

// A T or the Error that stood in its way. Owns whichever it holds.
template <typename T>
class [[nodiscard]] Result {
  public:
    Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}

    bool ok() const { return held_.index() == 0; }
    explicit operator bool() const { return ok(); }

    // Only where ok().
    T& value() & { return *std::get_if<0>(&held_); }
    const T& value() const& { return *std::get_if<0>(&held_); }
    T value() && { return std::move(*std::get_if<0>(&held_)); }

    // Only where not ok().
    const Error& error() const& { return *std::get_if<1>(&held_); }
    Error error() && { return std::move(*std::get_if<1>(&held_)); }

  private:
    std::variant<T, Error> held_;
};

template <>
class [[nodiscard]] Result<void> {
  public:
    Result() = default;
    Result(Error error) : error_(std::move(error)), ok_(false) {}

    bool ok() const { return ok_; }
    explicit operator bool() const { return ok_; }
    void value() const {}

    const Error& error() const& { return error_; }
    Error error() && { return std::move(error_); }

  private:
    Error error_;
    bool ok_ = true;
};

}  // namespace caisson
#pragma GCC visibility pop
