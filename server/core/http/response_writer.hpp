#pragma once
// Response heads, written by hand and gathered with the body.

#include "core/failure.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::core {

struct response_plan {
    int status = 200;
    std::string_view content_type = "application/json";
    std::optional<std::size_t> length; ///< nullopt: chunked, or until close for an old client
    unsigned version = 11;             ///< the client's
    bool keep_alive = true;
    std::string_view request_id;
    std::string_view cors_origin; ///< empty: no CORS fields
    unsigned attempts = 0; ///< requests sent to Vertex AI; 0: `x-vertex-relay-attempts` is left out
    std::string_view repairs = {}; ///< made so far; empty: `x-vertex-relay-repairs` is left out
    std::string_view note = {};  ///< `x-vertex-relay-note`: what the caller asked for in vain
    std::string_view timing = {}; ///< `Server-Timing`; empty: left out
    std::string_view place = {}; ///< the target of the last one: `google/gemini-3.5-flash@global`
};

/// Nothing but the connection's end tells this client where the answer ends.
bool ends_with_connection(response_plan const& plan);

std::string_view reason_phrase(int status);

/// The head of an answer, with its empty line. Values with control characters are cut there.
std::string build_response_head(response_plan const& plan);

/// The head of a failure: `x-should-retry`, `retry-after`, `allow` where they belong. `plan.status`
/// is taken from the failure.
std::string build_failure_head(response_plan plan, failure const& what);

/// 204 for a granted CORS preflight.
std::string build_preflight_head(response_plan const& plan);

} // namespace vertex_relay::core
