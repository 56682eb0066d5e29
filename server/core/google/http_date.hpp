#pragma once
// Dates of HTTP headers.

#include "core/google/instant.hpp"

#include <optional>
#include <string_view>

namespace vertex_relay::core::google {

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7, the form all senders must use) as UTC
/// since 1970; the name of the day is not checked.
std::optional<seconds> parse_http_date(std::string_view text);

} // namespace vertex_relay::core::google
