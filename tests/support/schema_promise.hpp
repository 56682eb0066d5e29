#pragma once
// What the relay promises about any JSON Schema, as one question; for tests and for fuzzing.

#include "core/gemini/schema.hpp"

#include <string>
#include <string_view>

namespace vertex_relay::tests {

/// What does not hold, with the texts; empty if all does, or if `schema` is no JSON:
///   * only parameters that are no object are refused, and what is very large;
///   * the simulator, which shares no code, accepts what would be sent;
///   * converting that again changes nothing, converting twice gives the same;
///   * the text is bounded.
std::string broken_promise(std::string_view schema, core::schema_purpose purpose);

} // namespace vertex_relay::tests
