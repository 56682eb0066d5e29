#pragma once
// The refusals Google words the same way for every request: credentials, permission, model.

#include "simulator/google_error.hpp"
#include "simulator/tokens.hpp"

#include <string_view>

namespace vertex_relay::simulator {

/// 401 as in captures 22 and 23; `rpc` like `v1.PredictionService.ChatCompletions`.
google_error unauthenticated(bearer why, std::string_view rpc);

/// 403 as in capture 20; `resource` like `projects/p/locations/l/endpoints/openapi`.
google_error permission_denied(std::string_view resource);

/// 403 as in capture 33.
google_error service_disabled();

/// 400 as in capture 21.
google_error malformed_model(std::string_view model);

/// 404 as in capture 29.
google_error model_not_found(std::string_view location, std::string_view publisher,
                             std::string_view model);

/// 400 of the legacy path `completions`: it exists, but nobody has published what any model answers
/// there. The words are ours.
google_error completions_unsupported(std::string_view model);

} // namespace vertex_relay::simulator
