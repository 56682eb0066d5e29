#pragma once
// JSON on the way in: lookups on simdjson's tree that answer with a value or nothing.

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace vertex_relay::simulator {

using json = simdjson::dom::element;
using json_array = simdjson::dom::array;
using json_object = simdjson::dom::object;

/// The member `key` of an object; nothing if `value` is no object or has no such member.
inline std::optional<json> member(json value, std::string_view key) {
    json found;
    bool ok = value.is_object() && value.at_key(key).get(found) == simdjson::SUCCESS;
    return ok ? std::optional(found) : std::nullopt;
}

inline std::optional<json> member(std::optional<json> value, std::string_view key) {
    return value ? member(*value, key) : std::nullopt;
}

inline std::optional<std::string_view> as_text(std::optional<json> value) {
    std::string_view text;
    bool ok = value && value->get(text) == simdjson::SUCCESS;
    return ok ? std::optional(text) : std::nullopt;
}

/// The views live as long as the parser's document.
inline std::string_view text_or(std::optional<json> value, std::string_view otherwise) {
    return as_text(value).value_or(otherwise);
}

inline std::int64_t integer_or(std::optional<json> value, std::int64_t otherwise) {
    std::int64_t number = 0;
    return value && value->get(number) == simdjson::SUCCESS ? number : otherwise;
}

inline bool is_true(std::optional<json> value) {
    bool flag = false;
    return value && value->get(flag) == simdjson::SUCCESS && flag;
}

inline std::optional<json_array> as_array(std::optional<json> value) {
    json_array array;
    bool ok = value && value->get(array) == simdjson::SUCCESS;
    return ok ? std::optional(array) : std::nullopt;
}

/// The elements of an array; none if `value` is no array.
inline std::vector<json> elements_of(std::optional<json> value) {
    auto array = as_array(value);
    return array ? std::vector<json>(array->begin(), array->end()) : std::vector<json>();
}

inline std::optional<json_object> as_object(std::optional<json> value) {
    json_object object;
    bool ok = value && value->get(object) == simdjson::SUCCESS;
    return ok ? std::optional(object) : std::nullopt;
}

} // namespace vertex_relay::simulator
