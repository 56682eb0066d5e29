#pragma once
// The first thing Google's JSON parser does with a schema: every key must be a field of
// google.cloud.aiplatform.v1.Schema, and its value of the field's type.

#include "simulator/google_error.hpp"
#include "simulator/json_view.hpp"

#include <optional>
#include <string>

namespace vertex_relay::simulator {

/// What a schema is for; the two surfaces differ in a few keywords.
enum class schema_use { parameters, response };

/// `path` is the parser's: `tools[0].function_declarations[3].parameters`.
std::optional<google_error> check_schema_fields(json schema, schema_use use,
                                                std::string const& path);

} // namespace vertex_relay::simulator
