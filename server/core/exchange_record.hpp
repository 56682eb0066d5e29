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
};

/// One JSON object, keys in a fixed order, no line end. `time` is RFC 3339.
std::string access_line_json(exchange_record const& record, std::string_view time);
/// The same for people.
std::string access_line_text(exchange_record const& record);

} // namespace vertex_relay::core
