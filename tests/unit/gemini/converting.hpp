#pragma once
// What becomes of a schema, in one string.

#include "core/gemini/schema.hpp"

#include <string>
#include <string_view>

namespace vertex_relay::tests {

/// `keep`, `omit`, `400 …`, or the new text.
std::string converted(std::string_view schema,
                      core::schema_purpose purpose = core::schema_purpose::parameters);

/// What becomes of one property of a function's parameters.
std::string property(std::string_view schema,
                     core::schema_purpose purpose = core::schema_purpose::parameters);

/// Names of repairs, then of dropped keywords: `refs recursion | $defs`.
std::string repairs(std::string_view schema,
                    core::schema_purpose purpose = core::schema_purpose::parameters);

} // namespace vertex_relay::tests
