#pragma once
// The grammar of start lines and fields (RFC 9110 section 5, RFC 9112 sections 3 to 5).

#include "core/http/head.hpp"

namespace vertex_relay::core {

/// Reads `METHOD target HTTP/1.x`. Failures: 400 bad_request, 414, 505.
std::optional<failure> read_request_line(std::string_view line, head_limits const& limits,
                                         request_head& out);

/// Reads `HTTP/1.x NNN reason`; false if it is anything else.
bool read_status_line(std::string_view line, response_head& out);

/// Reads the lines `Name: value CRLF` up to and with the empty line. Null on success, else the
/// rule that is broken.
char const* read_fields(std::string_view lines, std::vector<header_field>& out);

} // namespace vertex_relay::core
