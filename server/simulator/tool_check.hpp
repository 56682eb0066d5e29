#pragma once
// Refusals that concern functions and structured answers: names, choices, schemas.

#include "simulator/chat_request.hpp"
#include "simulator/google_error.hpp"

#include <optional>

namespace vertex_relay::simulator {

std::optional<google_error> check_tools(chat_request const& chat);
std::optional<google_error> check_response_format(chat_request const& chat);

} // namespace vertex_relay::simulator
