#pragma once
// What an OpenAI client would make of an answer: an error, or a stream of events and its end.

#include "net/relay_client.hpp"

#include <optional>
#include <vector>

namespace vertex_relay::tests {

struct api_problem {
    std::string type;
    std::string code;
    std::string message;
};

/// `{"error":{"message","type","param","code"}}` with every member there and of its type; nothing
/// for anything else.
std::optional<api_problem> problem_of(std::string_view json);

struct event_stream {
    std::vector<std::string> events; ///< with their blank lines
    std::string rest;                ///< what follows the last blank line
    std::optional<api_problem> problem; ///< of the last event
    bool done = false;                  ///< the last event is `[DONE]`
};

/// Splits an SSE body at its blank lines (LF or CRLF).
event_stream stream_of(std::string_view body);

/// The text of all deltas together, as a client would show it; nothing if an event is no JSON.
std::optional<std::string> text_of(event_stream const& stream);

} // namespace vertex_relay::tests
