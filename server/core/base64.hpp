#pragma once
// Base64 (RFC 4648), and the credentials of HTTP that travel in it.

#include "core/secret.hpp"

#include <string>
#include <string_view>

namespace vertex_relay::core {

/// With padding (RFC 4648 section 4).
std::string base64(std::string_view bytes);

/// For URLs, without padding (RFC 7515 section 2).
std::string base64url(std::string_view bytes);

/// `Basic …` (RFC 7617). `pair` is `USER:PASSWORD`, and the user has no colon.
secret basic_credentials(secret const& pair);

} // namespace vertex_relay::core
