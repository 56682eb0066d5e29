#pragma once
// Refusals that concern tools: function names, and schemas that are JSON Schema but not Google's
// subset of OpenAPI 3.0.

#include "simulator/chat_request.hpp"
#include "simulator/google_error.hpp"

#include <optional>

namespace vertex_relay::simulator {

std::optional<google_error> check_tools(chat_request const& chat);

} // namespace vertex_relay::simulator
