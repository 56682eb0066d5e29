#pragma once
// A value that fits a JSON schema, always the same one: the arguments of simulated tool calls and
// the content of structured answers.

#include "simulator/json_view.hpp"

#include <optional>
#include <string>

namespace vertex_relay::simulator {

/// Compact JSON text. Every property is filled; strings say their property's name. `$ref` is
/// followed inside `root`, recursion is cut off at depth 8. No schema gives `{}`.
std::string sample_of(std::optional<json> schema);

} // namespace vertex_relay::simulator
