#pragma once
// `GET /metrics`. Names, labels and buckets follow the OpenTelemetry conventions for generative AI
// where these have any (`gen_ai_*`); the rest is ours (`vertex_relay_*`), under the words of the
// access line.

#include "core/metrics/totals.hpp"

#include <optional>
#include <string>

namespace vertex_relay::core {

/// What is not counted by workers.
struct relay_state {
    std::uint64_t connections = 0;
    std::uint64_t streams = 0;
    std::uint64_t buffered_bytes = 0;
    bool draining = false;
    std::optional<double> token_seconds; ///< until the access token expires; nullopt: there is none
    std::uint64_t tokens_renewed = 0;
    std::uint64_t token_failures = 0;
    std::uint64_t reloads = 0;
    std::uint64_t reload_failures = 0;
    std::uint64_t log_lines_lost = 0;
    double started = 0; ///< Unix time in seconds
};

std::string metrics_text(metric_totals const& totals, relay_state const& now);

} // namespace vertex_relay::core
