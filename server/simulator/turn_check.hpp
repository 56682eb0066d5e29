#pragma once
// Refusals that concern the conversation: roles, empty turns, tool results, thought signatures.

#include "simulator/chat_request.hpp"
#include "simulator/google_error.hpp"

#include <optional>

namespace vertex_relay::simulator {

std::optional<google_error> check_turns(chat_request const& chat);

} // namespace vertex_relay::simulator
