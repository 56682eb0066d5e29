#pragma once
// Tool calls of past turns: kinds, arguments, names, keys and thought signatures.

#include "core/gemini/request/turn.hpp"

namespace vertex_relay::core {

void repair_calls(turn& one, repair_job& job);

/// Name and arguments of one `function` or of the older `function_call`.
void repair_called(located_value function, turn& one, repair_job& job);

/// Puts remembered signatures back on the calls of `one`. In the current turn, the one behind the
/// last question, the first call of a step must be signed: there an unknown signature becomes the
/// documented dummy. What the client sent itself stays (Google: "Thought signatures").
void sign_calls(turn& one, bool current, repair_job& job);

/// Name of the called function as the client wrote it; empty if there is none.
std::string called_name(located_value call);

} // namespace vertex_relay::core
