#pragma once
// An HTTP answer before it is put on the wire: the form in which faults can still bend it.

#include "simulator/plan.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::simulator {

struct answer {
    int status = 200;
    std::string content_type = "application/json; charset=UTF-8";
    std::string extra_headers = {};   ///< whole lines, each with its CRLF
    std::string body = {};            ///< when `stream` is false
    bool stream = false;              ///< server-sent events
    std::vector<std::string> events = {}; ///< whole events, blank line included; last is `[DONE]`
    std::string filler = {}; ///< one more event with a bit of text, for faults that need many
};

/// The status line and headers Google's front end sends (captures 40 and 41), blank line included.
/// `framing` is `Content-Length: N\r\n`, `Transfer-Encoding: chunked\r\n` or empty.
std::string answer_head(answer const& reply, std::string_view framing);

/// One HTTP/1.1 chunk; `payload` must not be empty.
void append_chunk(std::string& out, std::string_view payload);
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

std::string content_length(std::size_t bytes);

/// The ordinary way to send it: head and body in as few writes as possible.
plan to_plan(answer const& reply);

} // namespace vertex_relay::simulator
