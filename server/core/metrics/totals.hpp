#pragma once
// What all workers have counted, added up for one scrape.

#include "core/gemini/repair.hpp"
#include "core/metrics/histogram.hpp"

#include <compare>
#include <map>
#include <string>

namespace vertex_relay::core {

enum class token_kind : std::uint8_t { input, output, cached, reasoning };
inline constexpr std::size_t token_kinds = 4;

/// Why a request was sent to Vertex AI once more.
enum class resend : std::uint8_t {
    refused,          ///< 429 or 503: the same target again
    fallback,         ///< 429 or 503: another target
    stale_connection, ///< a pooled connection turned out closed
    rejected_token,   ///< 401
};
inline constexpr std::size_t resends = 4;

/// Where the connection of a request came from.
enum class upstream_line : std::uint8_t { opened, reused, failed };
inline constexpr std::size_t upstream_lines = 3;

struct route_totals {
    std::array<std::uint64_t, token_kinds> tokens{};
    std::uint64_t nano_usd = 0;
    histogram_total tokens_in;
    histogram_total tokens_out;
    std::map<std::string, histogram_total> durations; ///< by error; empty: there was none
    histogram_total first_token;
    histogram_total per_output_token;
};

struct metric_totals {
    struct request {
        std::string route;
        std::string model;
        unsigned status;
        std::string error; ///< the access line's cause; empty for `ok`
        auto operator<=>(request const&) const = default;
    };
    std::map<request, std::uint64_t> requests;
    std::map<std::string, route_totals> routes;
    std::map<std::string, std::uint64_t> refusals; ///< by rule
    std::array<std::uint64_t, repair_count> repairs{};
    std::array<std::uint64_t, resends> resent{};
    std::array<std::uint64_t, upstream_lines> lines{};
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
};

} // namespace vertex_relay::core
