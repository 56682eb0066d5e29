#pragma once
// The top-level parameters of a request, but for messages and tools.

#include "core/gemini/request/job.hpp"

namespace vertex_relay::core {

/// Reads what the answer must know, then clamps, maps and takes out.
void repair_parameters(located_value root, repair_job& job);

} // namespace vertex_relay::core
