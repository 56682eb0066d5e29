#pragma once
// The order of turns: every call is followed by its result, nothing is empty, the user speaks last.

#include "core/gemini/request/job.hpp"

namespace vertex_relay::core {

/// Repairs each message and the sequence they stand in.
void repair_conversation(located_value messages, repair_job& job);

} // namespace vertex_relay::core
