#pragma once
// What Google refuses about a chat request: shapes of turns, content parts, signatures, schemas.

#include "simulator/chat_request.hpp"
#include "simulator/google_error.hpp"

#include <optional>

namespace vertex_relay::simulator {

/// The first thing wrong with it, in Google's words.
std::optional<google_error> check_chat(chat_request const& chat);

} // namespace vertex_relay::simulator
