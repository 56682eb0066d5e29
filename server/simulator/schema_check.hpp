#pragma once
// Refusals of schemas that Google could read but does not accept: JSON Schema that is not its
// subset of OpenAPI 3.0. Wording from public reports.

#include "simulator/google_error.hpp"
#include "simulator/json_view.hpp"
#include "simulator/schema_fields.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::simulator {

struct schema_place {
    schema_use use;
    std::string path;          ///< `tools[0].function_declarations[3].parameters`
    std::string_view function; ///< its name; empty for an answer's schema
};

/// The first thing wrong with it, in Google's words.
std::optional<google_error> check_schema(json schema, schema_place const& where);

} // namespace vertex_relay::simulator
