#pragma once
// JSON Schema → node: references inlined, combinations merged, keywords sorted out.

#include "core/gemini/schema/conversion.hpp"
#include "core/gemini/schema/node.hpp"
#include "core/gemini/schema/reference.hpp"

namespace vertex_relay::core::schema {

/// Reads whatever it is given; what is no schema counts as one that anything fits.
node read_schema(simdjson::dom::element root, references& targets, conversion& work);

} // namespace vertex_relay::core::schema
