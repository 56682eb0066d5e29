#pragma once
// Message heads as views into the buffer they were read into, read strictly: whatever RFC 9112
// sections 2 to 5 leave to the recipient's mercy (folded lines, bare CR or LF, blanks before a
// colon, control characters) is refused.

#include "core/failure.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace vertex_relay::core {

struct head_limits {
    std::size_t head_bytes;   ///< request line, fields and the empty line together
    std::size_t headers;      ///< number of fields
    std::size_t target_bytes; ///< length of the request target
};

struct header_field {
    std::string_view name;
    std::string_view value; ///< without surrounding blanks
};

enum class body_framing : std::uint8_t { none, length, chunked, until_close };

/// Views live as long as the bytes they were parsed from.
struct request_head {
    std::string_view method;
    std::string_view target;
    std::string_view path; ///< of the target: no query, no authority
    unsigned version = 11; ///< 10 or 11
    std::vector<header_field> fields;
    body_framing framing = body_framing::none;
    std::size_t content_length = 0; ///< with `body_framing::length`
    bool keep_alive = true;
    std::size_t size = 0; ///< bytes of the head, with its empty line

    /// The first field of that name (case-insensitive), or nullopt.
    std::optional<std::string_view> find(std::string_view name) const;
    std::size_t count(std::string_view name) const;
    /// HEAD: no answer has a body, an error neither (RFC 9110 section 9.3.2).
    bool wants_head_only() const { return method == "HEAD"; }
};

struct response_head {
    unsigned status = 0;
    unsigned version = 11;
    std::vector<header_field> fields;
    body_framing framing = body_framing::none;
    std::size_t content_length = 0;
    bool keep_alive = true;

    std::optional<std::string_view> find(std::string_view name) const;
};

/// Where a head ends, as bytes arrive.
struct head_scan {
    enum class verdict : std::uint8_t { incomplete, complete, malformed } verdict;
    std::size_t size = 0; ///< bytes of the head, with its empty line, when complete
};

/// Looks for the empty line. `from` is where the previous scan of the same buffer stopped
/// (its size then); a line that does not end in CRLF is malformed at once.
head_scan find_head_end(std::string_view bytes, std::size_t from = 0);

/// 414 uri_too_long, which ends the connection.
failure target_too_long(std::size_t limit);

/// Parses one complete head. Failures: 400 bad_request, 414, 431, 501, 505 (policy rows 2 to 4).
result<request_head> parse_request_head(std::string_view head, head_limits const& limits);

/// Parses one complete response head, of any status from 100 to 599.
/// Failures: 502 upstream_protocol_error.
result<response_head> parse_response_head(std::string_view head);

} // namespace vertex_relay::core
