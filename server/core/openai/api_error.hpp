#pragma once
// Failures in OpenAI's shape: `{"error":{"message","type","param","code"}}`, with Google's own
// error under `error.google`.

#include "core/failure.hpp"

namespace vertex_relay::core {

/// The JSON document, also used as the `data:` of an in-band error event.
std::string error_body(failure const& what);

/// `data: {"error":…}\n\n`: openai-python and openai-node raise APIError on it.
std::string error_event(failure const& what);

} // namespace vertex_relay::core
