#pragma once
// JSON full of secrets: read by name, wiped when done. For .cpp files only.

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::core::google {

/// An object within a `secret_json`, as long as that lives.
class secret_object {
public:
    enum class member { absent, wrong_type, text };

    secret_object() = default; ///< has no members
    explicit secret_object(simdjson::dom::object members) : members_(members) {}

    /// How often a member occurs: JSON readers disagree on which of several counts.
    std::size_t count(std::string_view name) const;

    /// Sets `value` for a string member.
    member text(std::string_view name, std::string_view& value) const;

    /// The string, or empty if it is absent or of another type.
    std::string_view text_or_empty(std::string_view name) const;

    /// The member if it is an object.
    std::optional<secret_object> object(std::string_view name) const;

    /// The member as simdjson has it; an error if absent.
    simdjson::simdjson_result<simdjson::dom::element> at(std::string_view name) const;

protected:
    std::optional<simdjson::dom::object> members_;
};

/// A document, which owns all text and is the root object, if it has one.
class secret_json : public secret_object {
public:
    enum class shape { object, not_json, not_object };

    /// Copies `text` into a padded buffer; a byte order mark is skipped.
    explicit secret_json(std::string_view text);
    ~secret_json();
    secret_json(secret_json const&) = delete;
    secret_json& operator=(secret_json const&) = delete;

    shape what() const { return shape_; }

private:
    std::string buffer_;
    simdjson::dom::parser parser_;
    simdjson::dom::element document_;
    shape shape_ = shape::not_json;
};

} // namespace vertex_relay::core::google
