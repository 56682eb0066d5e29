#pragma once
// What the origin understands of a request and the bytes it answers with, in the shapes Vertex AI
// uses: alphabetical keys, a role in every delta, usage on the last chunk, then `[DONE]`.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::bench {

/// What a request's head says. Views into the head.
struct request_head {
    std::string_view method;
    std::string_view target;
    std::string_view authorization;
    std::optional<std::size_t> content_length;
};

/// Reads a head up to and without its empty line; nothing when it is not HTTP/1.1.
std::optional<request_head> read_head(std::string_view head);

/// The behaviour a model name asks for: `bench-ns`, `bench-burst-EVENTS`, or
/// `bench-paced-RATE-EVENTS` with RATE in events per second; a publisher in front is ignored.
struct behaviour {
    bool stream = false;
    double rate = 0; ///< events per second; 0: as fast as the socket takes them
    std::uint32_t events = 0;
};

/// The behaviour named by the first `"model"` of a body; nothing when it names none.
std::optional<behaviour> read_behaviour(std::string_view body);

/// The number after the first `nonce=` of a body, or 0.
std::uint32_t read_nonce(std::string_view body);

/// A whole 200 answer: 900 bytes of JSON.
std::string plain_answer(std::uint32_t nonce);

/// The token endpoint's answer.
std::string token_answer();

/// A Google-shaped 400 with `reason`; the connection stays open.
std::string refusal(std::string_view reason);

std::string stream_head();

/// One chunk with one event of 250 bytes. Its marker is to be written at `marker_at`.
std::string event_chunk();
std::size_t marker_at();

/// The chunk with the finish reason and usage.
std::string usage_chunk();

/// `[DONE]` and the end of the chunked body.
std::string last_chunks();

} // namespace vertex_relay::bench
