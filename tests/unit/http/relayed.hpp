#pragma once
// Runs an upstream body through event_relay piece by piece and notes what came out.

#include "core/http/event_relay.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::tests {

struct relay_setup {
    core::body_framing framing = core::body_framing::chunked;
    std::size_t content_length = 0;
    bool chunked_downstream = true;
    std::size_t event_bytes_max = 16 * 1024 * 1024;
    bool orderly = true; ///< the connection was closed, not broken
    core::event_editor* editor = nullptr;
    std::size_t choices = 1;
};

struct relayed {
    std::string text;              ///< payload, de-chunked
    bool valid = true;             ///< every output on its own was a row of whole chunks
    bool whole_events = true;      ///< no output ended inside an event (LF and CRLF streams)
    std::size_t verbatim = 0;      ///< reads that went out from where they stood, framing included
    bool complete = false;
    bool ended_well = false;
    bool lacks_done = false;
    bool may_insert = false;
    std::string foreign;
    std::optional<core::failure> broken;
    std::optional<core::token_usage> usage;
};

relayed run(relay_setup const& setup, std::vector<std::string> pieces);

/// The part of an LF stream up to the end of its last whole event.
std::string_view whole_part(std::string_view stream);

} // namespace vertex_relay::tests
