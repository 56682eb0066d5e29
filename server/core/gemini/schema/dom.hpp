#pragma once
// Lookups on simdjson's tree that answer with a value or nothing.

#include <simdjson.h>

#include <optional>
#include <string_view>

namespace vertex_relay::core::schema {

inline std::optional<simdjson::dom::element> member_of(simdjson::dom::object of,
                                                       std::string_view key) {
    simdjson::dom::element found;
    bool known = of.at_key(key).get(found) == simdjson::SUCCESS;
    return known ? std::optional(found) : std::nullopt;
}

/// Empty for what is no string.
inline std::string_view text_of(simdjson::dom::element value) {
    std::string_view text;
    return value.get(text) == simdjson::SUCCESS ? text : std::string_view();
}

inline bool is_true(simdjson::dom::element value) {
    bool flag = false;
    return value.get(flag) == simdjson::SUCCESS && flag;
}

} // namespace vertex_relay::core::schema
