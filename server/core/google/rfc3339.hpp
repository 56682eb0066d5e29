#pragma once
// Timestamps of Google's APIs.

#include "core/google/instant.hpp"

#include <optional>
#include <string_view>

namespace vertex_relay::core::google {

/// `YYYY-MM-DDTHH:MM:SS[.f](Z|+hh:mm|-hh:mm)` (RFC 3339 section 5.6) as seconds since 1970, without
/// the fraction of 1 to 9 digits. Lower-case `t` and `z` and a leap second are understood.
std::optional<seconds> parse_rfc3339(std::string_view text);

} // namespace vertex_relay::core::google
