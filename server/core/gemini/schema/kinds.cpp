#include "core/gemini/schema/kinds.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace vertex_relay::core::schema {

std::string_view type_name(kind type) {
    constexpr std::array<std::string_view, 8> names{"any value", "null",   "boolean", "number",
                                                    "integer",   "string", "array",   "object"};
    return names[static_cast<std::size_t>(type)];
}

std::string_view limit_name(limit which) {
    constexpr std::array<std::string_view, 10> names{
        "minimum",   "maximum",  "exclusiveMinimum", "exclusiveMaximum", "minLength",
        "maxLength", "minItems", "maxItems",         "minProperties",    "maxProperties"};
    return names[static_cast<std::size_t>(which)];
}

kind exact_type(std::string_view name) {
    for (auto type : {kind::null, kind::boolean, kind::number, kind::integer, kind::string,
                      kind::array, kind::object}) {
        bool upper = std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
        if (name == type_name(type) || (upper && ascii::iequals(name, type_name(type)))) {
            return type;
        }
    }
    return kind::none;
}

kind loose_type(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, kind>, 14> others{{
        {"int", kind::integer},   {"long", kind::integer}, {"float", kind::number},
        {"double", kind::number}, {"bool", kind::boolean}, {"str", kind::string},
        {"text", kind::string},   {"date", kind::string},  {"enum", kind::string},
        {"list", kind::array},    {"tuple", kind::array},  {"dict", kind::object},
        {"map", kind::object},    {"none", kind::null},
    }};
    auto lower = ascii::to_lower(name.substr(0, 16));
    auto type = exact_type(lower);
    for (auto const& [other, meant] : others) {
        type = type == kind::none && other == lower ? meant : type;
    }
    return type;
}

} // namespace vertex_relay::core::schema
