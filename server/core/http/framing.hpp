#pragma once
// Framing rules that decide how long a message is, and the refusal of everything ambiguous
// (RFC 9112 sections 2.2, 5.2, 6.1, 6.3; request smuggling lives in the gaps).

#include "core/http/head.hpp"

namespace vertex_relay::core {

/// 400 bad_request that names the rule; the connection closes.
failure malformed_request(std::string_view rule);
/// 502 upstream_protocol_error that names the rule.
failure malformed_response(std::string_view rule);

/// The same refusal, and the connection closes: its framing can no longer be trusted.
failure closing(failure refusal);

/// Fields that frame the body; fills `framing`, `content_length` and `keep_alive`.
std::optional<failure> check_request_framing(request_head& head, head_limits const& limits);
std::optional<failure> check_response_framing(response_head& head);

} // namespace vertex_relay::core
