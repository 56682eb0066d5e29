#pragma once
// The account of one exchange: who asked for what, how it ended, how long each part took. Never
// holds a secret or a byte of a prompt or an answer.

#include "core/gemini/repair.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::core {

/// How far an exchange got.
enum class phase : std::uint8_t { head, body, route, token, connect, send, wait, relay, done };
std::string_view name_of(phase where);

/// Where the time of an exchange went, over all attempts; what is left was the relay's own.
struct time_spent {
    std::chrono::microseconds token{0};    ///< waiting for an access token
    std::chrono::microseconds connect{0};  ///< name, TCP, TLS; the host of an own endpoint
    std::chrono::microseconds upstream{0}; ///< from the request sent to the answer begun
    std::chrono::microseconds pause{0};    ///< between attempts
};

struct exchange_record {
    std::chrono::steady_clock::time_point began{}; ///< when the head was complete
    std::string id;
    std::string route; ///< `google/gemini-3.5-flash`, `endpoints/123`, or the local path
    std::string model; ///< as the client asked for it, at most 256 bytes
    int status = 0;           ///< 499: the client left or stopped reading
    std::string cause = "ok"; ///< `ok`, the code of the failure, `client_gone`, `client_stalled`
    phase where = phase::head;
    std::optional<std::chrono::microseconds> first_byte; ///< from the request's head
    std::chrono::microseconds total{0};
    std::uint64_t bytes_in = 0;  ///< body bytes from the client
    std::uint64_t bytes_out = 0; ///< bytes written to the client, heads and framing included
    std::optional<std::uint64_t> tokens_in;
    std::optional<std::uint64_t> tokens_out;
    unsigned attempts = 0; ///< requests sent to Vertex AI
    repair_set repairs;    ///< made on the request of the last attempt and on its answer
    std::optional<std::uint64_t> tokens_cached;    ///< of `tokens_in`
    std::optional<std::uint64_t> tokens_reasoning; ///< of `tokens_out`
    std::optional<double> cost_usd;                ///< estimated
    std::string trace;                             ///< W3C trace id; empty: none was given
    time_spent spent;

    // Not for the access line.
    std::string_view path;  ///< of the resource, as the table of paths spells it; empty: none
    std::string_view alias; ///< entry of `[models]` that led to the target; the target's own
    bool routed = false;    ///< a target was found, and `route` names one
    bool listed = false;    ///< … which the configuration or the catalogue names
    bool streamed = false;  ///< the answer is an event stream
};

/// One JSON object, keys in a fixed order, no line end. `time` is RFC 3339. The last four keys,
/// `tokens_cached`, `tokens_reasoning`, `cost_usd` and `trace`, are there only if known.
std::string access_line_json(exchange_record const& record, std::string_view time);
/// The same for people, in columns; `colours` are those of a terminal.
std::string access_line_text(exchange_record const& record, bool colours = false);

} // namespace vertex_relay::core
