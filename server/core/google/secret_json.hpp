#pragma once
// A JSON object full of secrets: read by name, wiped when done. For .cpp files only.

#include <simdjson.h>

#include <string>
#include <string_view>

namespace vertex_relay::core::google {

class secret_json {
public:
    enum class shape { object, not_json, not_object };
    enum class member { absent, wrong_type, text };

    /// Copies `text` into a padded buffer; a byte order mark is skipped.
    explicit secret_json(std::string_view text);
    ~secret_json();
    secret_json(secret_json const&) = delete;
    secret_json& operator=(secret_json const&) = delete;

    shape what() const { return shape_; }

    /// How often a member occurs: JSON readers disagree on which of several counts.
    std::size_t count(std::string_view name) const;

    /// Sets `value` for a string member; views live as long as this object.
    member text(std::string_view name, std::string_view& value) const;

    /// The string, or empty if it is absent or of another type.
    std::string_view text_or_empty(std::string_view name) const;

    /// The member as simdjson has it; an error if absent or if this is no object.
    simdjson::simdjson_result<simdjson::dom::element> at(std::string_view name) const;

private:
    std::string buffer_;
    simdjson::dom::parser parser_;
    simdjson::dom::object root_;
    shape shape_ = shape::not_json;
};

} // namespace vertex_relay::core::google
