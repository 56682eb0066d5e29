#pragma once
// The names of types and limits.

#include "core/gemini/schema/node.hpp"

#include <string_view>

namespace vertex_relay::core::schema {

std::string_view type_name(kind type);
std::string_view limit_name(limit which);

/// The type a name stands for: `string` as well as Google's `STRING`; `none` for an unknown one.
kind exact_type(std::string_view name);
/// The same, and names that are not JSON Schema but understood: `int`, `dict`, `String`.
kind loose_type(std::string_view name);

} // namespace vertex_relay::core::schema
